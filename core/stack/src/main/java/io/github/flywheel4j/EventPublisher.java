package io.github.flywheel4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a publisher: each subscription starts a call, its events wait in a queue (at most as long as the answer) for
 * the subscriber's demand, and cancelling the subscription cancels the call. A subscriber that throws is cancelled, as
 * the Reactive Streams specification has it (rule 2.13).
 */
@SuppressWarnings("rawtypes") // the events' common type exists from LangChain4j 1.20 on only
final class EventPublisher implements Flow.Publisher {

    private final Function<StreamingChatResponseHandler, CallHandle> start;

    EventPublisher(Function<StreamingChatResponseHandler, CallHandle> start) {
        ReactiveEvents.requireAvailable();
        this.start = start;
    }

    @Override
    @SuppressWarnings("unchecked") // a subscriber of LangChain4j's events, which is what it gets
    public void subscribe(Flow.Subscriber subscriber) {
        if (subscriber == null) {
            throw new NullPointerException("subscriber: null (expected: a subscriber; rule 1.9)");
        }
        Delivery delivery = new Delivery(subscriber);
        subscriber.onSubscribe(delivery);
        delivery.start(start);
    }

    /** One subscription: takes events from the call and hands them to the subscriber one at a time. */
    private static final class Delivery implements Flow.Subscription, StreamingChatResponseHandler {

        private final Flow.Subscriber<Object> subscriber;
        private final ConcurrentLinkedQueue<Object> events = new ConcurrentLinkedQueue<>();
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();
        private volatile boolean over;
        private volatile boolean ended;
        private volatile boolean refused;
        private volatile @Nullable Throwable failure;
        private volatile @Nullable StreamingHandle handle;

        Delivery(Flow.Subscriber<Object> subscriber) {
            this.subscriber = subscriber;
        }

        void start(Function<StreamingChatResponseHandler, CallHandle> start) {
            if (over) {
                return;
            }
            try {
                handle = start.apply(this);
            } catch (RuntimeException e) {
                onError(e);
            }
            if (over) {
                cancel(); // it was cancelled before there was a handle
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                refused = true;
                onError(new IllegalArgumentException("request: " + n + " (expected: > 0; rule 3.9)"));
                StreamingHandle known = handle;
                if (known != null) {
                    known.cancel();
                }
                return;
            }
            demand.accumulateAndGet(n, (now, more) -> now + more < 0 ? Long.MAX_VALUE : now + more);
            deliver();
        }

        @Override
        public void cancel() {
            over = true;
            StreamingHandle known = handle;
            if (known != null) {
                known.cancel();
            }
        }

        @Override
        public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
            add(part);
        }

        @Override
        public void onPartialThinking(PartialThinking part, PartialThinkingContext context) {
            add(part);
        }

        @Override
        public void onPartialToolCall(PartialToolCall part, PartialToolCallContext context) {
            add(part);
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall toolCall) {
            add(toolCall);
        }

        @Override
        public void onUnmappedRawEvent(Object rawEvent) {
            add(ReactiveEvents.raw(rawEvent));
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            events.add(ReactiveEvents.complete(response));
            ended = true;
            deliver();
        }

        @Override
        public void onError(Throwable error) {
            if (failure == null) { // what a refused subscriber hears is why, not that its call was cancelled for it
                failure = error;
            }
            ended = true;
            deliver();
        }

        private void add(Object event) {
            events.add(event);
            deliver();
        }

        /** Only one thread delivers at a time; others leave their work to it. */
        private void deliver() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int seen = 1;
            do {
                deliverWhatIsWanted();
                seen = work.addAndGet(-seen);
            } while (seen != 0);
        }

        private void deliverWhatIsWanted() {
            try {
                while (!over && !refused && demand.get() > 0 && !events.isEmpty()) {
                    subscriber.onNext(events.remove());
                    if (demand.get() != Long.MAX_VALUE) {
                        demand.decrementAndGet();
                    }
                }
                if (!over && ended && (refused || events.isEmpty())) {
                    over = true;
                    Throwable error = failure;
                    if (error == null) {
                        subscriber.onComplete();
                    } else {
                        subscriber.onError(error);
                    }
                }
            } catch (Throwable e) {
                cancel();
            }
        }
    }
}
