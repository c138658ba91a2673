package io.github.flywheel4j.caching;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.github.flywheel4j.ResponseStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What a shared answer has streamed so far. The provider's thread writes it and waits for nobody; each caller reads it on a
 * thread of its own, from the beginning, at its own pace. So a late caller hears all of it in order, and a slow one holds up
 * nobody else.
 */
final class FlightLog implements ResponseStream {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<ResponseStream>> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private CompletableFuture<Void> news = new CompletableFuture<>();
    private boolean hasContent;
    private boolean isClosed;

    @Override
    public void text(String more) {
        if (!more.isEmpty()) {
            append(more, true, to -> to.text(more));
        }
    }

    @Override
    public void thinking(PartialThinking thinking) {
        append("", true, to -> to.thinking(thinking));
    }

    @Override
    public void partialToolCall(PartialToolCall toolCall) {
        append("", true, to -> to.partialToolCall(toolCall));
    }

    @Override
    public void toolCall(CompleteToolCall toolCall) {
        append("", true, to -> to.toolCall(toolCall));
    }

    @Override
    public void raw(Object event) {
        append("", false, to -> to.raw(event));
    }

    @Override
    public String released() {
        lock.lock();
        try {
            return text.toString();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isLive() {
        return true;
    }

    /** Whether anything was streamed that a caller may have heard and that another answer would contradict. */
    boolean hasContent() {
        lock.lock();
        try {
            return hasContent;
        } finally {
            lock.unlock();
        }
    }

    /** The events from an index on; a copy. */
    List<Consumer<ResponseStream>> from(int index) {
        lock.lock();
        try {
            return index == events.size() ? List.of() : List.copyOf(events.subList(index, events.size()));
        } finally {
            lock.unlock();
        }
    }

    /** Done as soon as there are more events than that, or no more will come. Of the caller's own: it may cancel it. */
    CompletableFuture<Void> moreThan(int count) {
        lock.lock();
        try {
            return isClosed || events.size() > count ? CompletableFuture.completedFuture(null) : news.copy();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the log: what a provider still sends after its answer is nobody's. */
    void close() {
        CompletableFuture<Void> ready;
        lock.lock();
        try {
            isClosed = true;
            ready = news;
        } finally {
            lock.unlock();
        }
        ready.complete(null);
    }

    private void append(String more, boolean content, Consumer<ResponseStream> event) {
        CompletableFuture<Void> ready;
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            events.add(event);
            text.append(more);
            hasContent |= content;
            ready = news;
            news = new CompletableFuture<>();
        } finally {
            lock.unlock();
        }
        ready.complete(null); // outside of the lock: it wakes the readers
    }
}
