package io.github.flywheel4j.feedback.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database in which something happens in the middle of a transaction. */
final class Interrupted {

    private Interrupted() {}

    /** Runs something once, after a transaction has read and before it inserts. */
    static DataSource beforeItInserts(DataSource source, Runnable work) {
        AtomicBoolean done = new AtomicBoolean();
        return connecting(source, (method, sql, result) -> {
            if (sql.contains("INSERT") && !done.getAndSet(true)) {
                work.run();
            }
            return result;
        });
    }

    /** Runs something each time, with a connection that is open and not used yet. */
    static DataSource whenItHasConnected(DataSource source, Runnable work) {
        return proxy(DataSource.class, source, (method, argument, result) -> {
            if (result instanceof Connection) {
                work.run();
            }
            return result;
        });
    }

    /** The connection breaks, once it is told to, when this method has done its work and before it says so. */
    static DataSource whenItHasDone(String broken, AtomicBoolean breaks, DataSource source) {
        After breaking = (method, argument, result) -> {
            if (method.equals(broken) && breaks.getAndSet(false)) {
                throw new SQLException("connection reset", "08006");
            }
            return result;
        };
        return connecting(
                source,
                (method, argument, result) ->
                        breaking.called(method, argument, result) instanceof PreparedStatement made
                                ? proxy(PreparedStatement.class, made, breaking)
                                : result);
    }

    /** Runs something once, when a transaction has deleted from a table and before it does more. */
    static DataSource whenItHasDeletedFrom(String table, DataSource source, Runnable work) {
        AtomicBoolean done = new AtomicBoolean();
        After deleting = (method, argument, result) -> {
            if (method.equals("executeUpdate") && !done.getAndSet(true)) {
                work.run();
            }
            return result;
        };
        return connecting(
                source,
                (method, sql, result) ->
                        result instanceof PreparedStatement made && sql.startsWith("DELETE FROM " + table)
                                ? proxy(PreparedStatement.class, made, deleting)
                                : result);
    }

    /** Counts how often a method of connections is called. */
    static DataSource counting(String counted, AtomicInteger calls, DataSource source) {
        return connecting(source, (method, argument, result) -> {
            if (method.equals(counted)) {
                calls.incrementAndGet();
            }
            return result;
        });
    }

    private static DataSource connecting(DataSource source, After calls) {
        return proxy(
                DataSource.class,
                source,
                (method, argument, result) ->
                        result instanceof Connection connection ? proxy(Connection.class, connection, calls) : result);
    }

    private interface After {
        @Nullable
        Object called(String method, String firstArgument, @Nullable Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T real, After after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                Object result = method.invoke(real, arguments);
                return after.called(method.getName(), arguments == null ? "" : String.valueOf(arguments[0]), result);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
