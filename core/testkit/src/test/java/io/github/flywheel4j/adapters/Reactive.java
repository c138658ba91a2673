package io.github.flywheel4j.adapters;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** What LangChain4j has from 1.20 on, reached by reflection, so that these tests compile against 1.19 too. */
final class Reactive {

    private Reactive() {}

    static boolean available() {
        try {
            Class.forName("dev.langchain4j.model.chat.response.CompleteResponse");
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Calls a method of the model by its name and its arguments' types, as a user of the interface would. */
    @SuppressWarnings("unchecked")
    static Flow.Publisher<Object> publisher(StreamingChatModel model, String method, Class<?> type, Object argument) {
        return (Flow.Publisher<Object>) invoke(StreamingChatModel.class, model, method, type, argument);
    }

    static Object invoke(Class<?> of, Object model, String name, Class<?> type, Object argument) {
        try {
            Method method = of.getMethod(name, type);
            method.setAccessible(true);
            return method.invoke(model, argument);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    static ChatResponse complete(Object event) {
        return (ChatResponse) property(event, "chatResponse");
    }

    static Object property(Object event, String name) {
        try {
            Method method = event.getClass().getMethod(name);
            method.setAccessible(true);
            return method.invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    /** A subscriber that keeps what it hears and asks for as many events as it is told. */
    static class Listener implements Flow.Subscriber<Object> {

        final List<Object> events = new CopyOnWriteArrayList<>();
        final List<String> signals = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> end = new CompletableFuture<>();
        private final long first;
        volatile Flow.Subscription subscription;

        Listener(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            signals.add("subscribe");
            subscription = given;
            if (first != 0) {
                given.request(first);
            }
        }

        @Override
        public void onNext(Object event) {
            events.add(event);
            signals.add("next");
        }

        @Override
        public void onError(Throwable error) {
            signals.add("error");
            end.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            signals.add("complete");
            end.complete(null);
        }

        void await() throws Exception {
            end.get(20, TimeUnit.SECONDS);
        }

        Throwable error() throws Exception {
            try {
                end.get(20, TimeUnit.SECONDS);
                throw new AssertionError("completed (expected: an error)");
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (CancellationException e) { // a future throws these bare
                return e;
            }
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (Object event : events) {
                if (event instanceof PartialResponse part) {
                    text.append(part.text());
                } else if (event instanceof String part) {
                    text.append(part);
                }
            }
            return text.toString();
        }
    }
}
