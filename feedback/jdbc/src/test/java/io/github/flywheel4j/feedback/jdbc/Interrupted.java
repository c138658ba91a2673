package io.github.flywheel4j.feedback.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database in which something happens in the middle of a transaction. */
final class Interrupted {

    private Interrupted() {}

    /** Runs something once, after a transaction has read and before it inserts. */
    static DataSource beforeItInserts(DataSource source, Runnable work) {
        AtomicBoolean done = new AtomicBoolean();
        return proxy(
                DataSource.class,
                source,
                (sql, result) -> result instanceof Connection connection
                        ? proxy(Connection.class, connection, (statement, same) -> {
                            if (statement.contains("INSERT") && !done.getAndSet(true)) {
                                work.run();
                            }
                            return same;
                        })
                        : result);
    }

    private interface After {
        @Nullable
        Object called(String firstArgument, @Nullable Object result);
    }

    private static <T> T proxy(Class<T> type, T real, After after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            try {
                Object result = method.invoke(real, arguments);
                return after.called(arguments == null ? "" : String.valueOf(arguments[0]), result);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
