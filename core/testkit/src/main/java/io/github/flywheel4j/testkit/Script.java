package io.github.flywheel4j.testkit;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What both scripted models share: the answers, what was asked, and who is still waiting. Thread-safe. */
final class Script {

    final Gate gate = new Gate();
    final AtomicInteger live = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    final boolean chatOnly;
    final Set<Capability> capabilities;
    final ModelProvider provider;
    final ChatRequestParameters defaults;
    final List<ChatModelListener> listeners;

    private final List<Answer> answers;
    private final @Nullable Function<? super ChatRequest, Answer> function;
    private final @Nullable Sleeper sleeper;
    private final boolean recording;
    private final Queue<ChatRequest> requests = new ConcurrentLinkedQueue<>();
    private final Queue<ChatRequestOptions> options = new ConcurrentLinkedQueue<>();
    private final LongAdder calls = new LongAdder();
    private final AtomicInteger position = new AtomicInteger();

    Script(ScriptedModelBuilder<?> builder) {
        if (builder.answers.isEmpty() == (builder.function == null)) {
            throw new IllegalArgumentException("answers: " + builder.answers.size() + ", function: "
                    + (builder.function == null ? "none" : "given")
                    + " (expected: either answers or a function; call answers(...) or answering(...))");
        }
        answers = List.copyOf(builder.answers);
        function = builder.function;
        sleeper = builder.sleeper;
        recording = builder.recording;
        chatOnly = builder.chatOnly;
        capabilities = Set.copyOf(builder.capabilities);
        provider = builder.provider;
        defaults = builder.defaults;
        listeners = List.copyOf(builder.listeners);
    }

    Answer next(ChatRequest request) {
        calls.increment();
        if (recording) {
            requests.add(request);
        }
        Function<? super ChatRequest, Answer> byRequest = function;
        if (byRequest != null) {
            return byRequest.apply(request);
        }
        int last = answers.size() - 1;
        // The last answer repeats, so the position stops there: a plain read in the long run, no contention.
        if (position.get() >= last) {
            return answers.get(last);
        }
        return answers.get(Math.min(position.getAndIncrement(), last));
    }

    void record(ChatRequestOptions given) {
        if (recording) {
            options.add(given);
        }
    }

    void sleep(Duration duration) throws InterruptedException {
        Sleeper by = sleeper;
        if (by == null) {
            throw new IllegalStateException(
                    "a scripted delay of " + duration + " has no sleeper (expected: one given by"
                            + " the model's builder: sleeper(new TestSleeper(clock)), or sleeper(Sleeper.real()))");
        }
        by.sleep(duration);
    }

    /** What langchain4j's JDK HTTP client throws when its thread is interrupted; the flag is set again. */
    static RuntimeException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RuntimeException(e);
    }

    long calls() {
        return calls.sum();
    }

    List<ChatRequest> requests() {
        return List.copyOf(requests);
    }

    ChatRequest lastRequest() {
        List<ChatRequest> all = requests();
        if (all.isEmpty()) {
            throw new IllegalStateException(
                    recording ? "no request was recorded (expected: at least one call)" : "recording is switched off");
        }
        return all.get(all.size() - 1);
    }

    List<ChatRequestOptions> options() {
        return List.copyOf(options);
    }

    /** Throws any throwable without wrapping it, as a provider's own code may through generics or reflection. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException rethrow(Throwable failure) throws T {
        throw (T) failure;
    }
}
