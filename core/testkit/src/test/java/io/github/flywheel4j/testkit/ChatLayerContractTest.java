package io.github.flywheel4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import io.github.flywheel4j.Attempt;
import io.github.flywheel4j.Attempts;
import io.github.flywheel4j.ChatCall;
import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.Next;
import io.github.flywheel4j.ResponseStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The contract is green for layers that keep it and red, in the right places, for layers that break it. */
class ChatLayerContractTest {

    private static final CountDownLatch LEAKED = new CountDownLatch(1);

    @AfterAll
    static void endLeakedThreads() {
        LEAKED.countDown();
    }

    private static Set<String> failuresOf(Class<? extends ChatLayerContract> contract) {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute()
                .testEvents();
        assertThat(tests.started().count()).as("tests that ran").isGreaterThan(15);
        return tests.failed().stream()
                .map(event -> event.getTestDescriptor().getDisplayName().replace("()", ""))
                .collect(Collectors.toSet());
    }

    // ---------------------------------------------------------------- layers that keep it

    static final class DoesNothing extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> next.proceed(call);
        }
    }

    /** Watches the stream and changes nothing. */
    static final class Watches extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                @Override
                public void text(String text) {
                    super.text(text);
                }
            }));
        }
    }

    /** Holds everything back until the answer is there. */
    static final class Withholds extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> next.proceed(call.withStream(ResponseStream.NONE));
        }

        @Override
        protected boolean holdsTextBack() {
            return true;
        }
    }

    /** Retries as the rules want it. */
    static final class Retries extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                Attempts attempts = call.attempts();
                for (int left = 2; ; left--) {
                    Attempt attempt = attempts.start();
                    try {
                        return attempt.commit(next.proceed(attempt.call()));
                    } catch (RateLimitException e) {
                        call.cancellation().throwIfCancelled();
                        if (attempts.committed() || left == 0) {
                            throw e;
                        }
                    }
                }
            };
        }
    }

    /** Runs the rest of the stack on another thread, as a hedge does. */
    static final class RunsElsewhere extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> call.await(call.submit(() -> next.proceed(call)));
        }
    }

    /** Answers instead of failing. */
    static final class Consoles extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                try {
                    return next.proceed(call);
                } catch (RuntimeException e) {
                    call.cancellation().throwIfCancelled();
                    if (Thread.currentThread().isInterrupted()) {
                        throw e;
                    }
                    return answer(call.stream().released() + " Sorry.");
                }
            };
        }

        @Override
        protected boolean handsExceptionsOn() {
            return false;
        }
    }

    /** Masks a word, and so must wait until a word has ended. */
    static final class Masks extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> mask(next.proceed(call.withStream(ResponseStream.NONE)));
        }

        private static ChatResponse mask(ChatResponse response) {
            String text = response.aiMessage().text();
            return text == null || !text.contains("secret") ? response : answer(text.replace("secret", "***"));
        }

        @Override
        protected List<String> textsThatAreChanged() {
            return List.of("The secret is out, and so is the secretary.");
        }

        @Override
        protected boolean holdsTextBack() {
            return true;
        }
    }

    @Test
    void layersThatKeepItPass() {
        assertThat(failuresOf(DoesNothing.class)).isEmpty();
        assertThat(failuresOf(Watches.class)).isEmpty();
        assertThat(failuresOf(Withholds.class)).isEmpty();
        assertThat(failuresOf(Retries.class)).isEmpty();
        assertThat(failuresOf(RunsElsewhere.class)).isEmpty();
        assertThat(failuresOf(Consoles.class)).isEmpty();
        assertThat(failuresOf(Masks.class)).isEmpty();
    }

    // ---------------------------------------------------------------- layers that break it

    private static ChatResponse answer(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    /** Fails by waiting in vain, and so does not wait long. */
    abstract static class Broken extends ChatLayerContract {
        @Override
        protected final Duration patience() {
            return Duration.ofSeconds(1);
        }
    }

    static final class WrapsExceptions extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                try {
                    return next.proceed(call);
                } catch (RuntimeException e) {
                    throw new IllegalStateException("wrapped", e);
                }
            };
        }
    }

    static final class SwallowsExceptions extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                try {
                    return next.proceed(call);
                } catch (RuntimeException e) {
                    return answer("Sorry.");
                }
            };
        }
    }

    static final class RetriesWithoutAttempts extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                try {
                    return next.proceed(call);
                } catch (RateLimitException e) {
                    return next.proceed(call);
                }
            };
        }
    }

    static final class RetriesWhateverHappened extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                try {
                    return next.proceed(call);
                } catch (RuntimeException e) {
                    Thread.interrupted();
                    return next.proceed(call.unheard());
                }
            };
        }
    }

    static final class RebuildsTheResponse extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) ->
                    answer(String.valueOf(next.proceed(call).aiMessage().text()));
        }
    }

    static final class RebuildsTheRequest extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> next.proceed(call.withRequest(
                    ChatRequest.builder().messages(call.request().messages()).build()));
        }
    }

    static final class ChangesAMessage extends Broken {
        @Override
        protected ChatRequest request(int number) {
            UserMessage message = UserMessage.from(question(number));
            return ChatRequest.builder().messages(message).build();
        }

        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                ((UserMessage) call.request().messages().get(0)).attributes().put("seen", true);
                return next.proceed(call);
            };
        }
    }

    static final class WorksTokenByToken extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                StringBuilder masked = new StringBuilder();
                ChatResponse response = next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                    @Override
                    public void text(String text) {
                        masked.append(text.replace("secret", "***"));
                    }
                }));
                return masked.isEmpty() ? response : answer(masked.toString());
            };
        }

        @Override
        protected List<String> textsThatAreChanged() {
            return List.of("The secret is out.");
        }
    }

    static final class LosesText extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                @Override
                public void text(String text) {
                    if (text.length() != 3) {
                        super.text(text);
                    }
                }
            }));
        }
    }

    static final class RepeatsToolCalls extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> next.proceed(call.withStream(new ResponseStream.Forwarding(call.stream()) {
                @Override
                public void toolCall(CompleteToolCall toolCall) {
                    super.toolCall(toolCall);
                    super.toolCall(toolCall);
                }
            }));
        }
    }

    static final class RemembersTheLastAnswer extends Broken {
        @Override
        protected ChatLayer layer() {
            return new ChatLayer() {
                private volatile @Nullable ChatResponse last;

                @Override
                public ChatResponse handle(ChatCall call, Next next) {
                    ChatResponse known = last;
                    if (known != null) {
                        return known;
                    }
                    ChatResponse response = next.proceed(call);
                    last = response;
                    return response;
                }
            };
        }
    }

    static final class HoldsALock extends Broken {
        @Override
        protected ChatLayer layer() {
            return new ChatLayer() {
                @Override
                public synchronized ChatResponse handle(ChatCall call, Next next) {
                    return next.proceed(call);
                }
            };
        }
    }

    static final class HidesInterrupts extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                try {
                    return next.proceed(call);
                } finally {
                    Thread.interrupted();
                }
            };
        }
    }

    static final class WaitsDeaf extends Broken {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                FutureTask<ChatResponse> task = new FutureTask<>(() -> next.proceed(call.unheard()));
                Thread thread = new Thread(task, "deaf");
                thread.setDaemon(true);
                thread.start();
                while (true) {
                    try {
                        return task.get();
                    } catch (InterruptedException e) {
                        // Deaf.
                    } catch (ExecutionException e) {
                        throw (RuntimeException) e.getCause();
                    }
                }
            };
        }
    }

    static final class LeaksAThread extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return (call, next) -> {
                Thread thread = new Thread(
                        () -> {
                            try {
                                LEAKED.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "leaked");
                thread.setDaemon(true);
                thread.start();
                return next.proceed(call);
            };
        }
    }

    static final class HasRandomSettings extends ChatLayerContract {
        @Override
        protected ChatLayer layer() {
            return new ChatLayer() {
                @Override
                public ChatResponse handle(ChatCall call, Next next) {
                    return next.proceed(call);
                }

                @Override
                public String settings() {
                    return super.toString();
                }
            };
        }
    }

    @Test
    void layersThatMeddleWithExceptionsFail() {
        assertThat(failuresOf(WrapsExceptions.class)).contains("handsTheSameExceptionOn");
        assertThat(failuresOf(SwallowsExceptions.class))
                .contains("handsTheSameExceptionOn", "neverContradictsWhatItHasStreamed");
    }

    @Test
    void layersThatRetryWronglyFail() {
        assertThat(failuresOf(RetriesWithoutAttempts.class)).contains("neverContradictsWhatItHasStreamed");
        assertThat(failuresOf(RetriesWhateverHappened.class)).contains("anInterruptEndsABlockingCall");
    }

    @Test
    void layersThatRebuildInsteadOfChangingFail() {
        assertThat(failuresOf(RebuildsTheResponse.class))
                .contains("keepsAProvidersOwnParametersAndMetadata", "passesABlockingAnswer", "passesToolCalls");
        assertThat(failuresOf(RebuildsTheRequest.class)).containsExactly("keepsAProvidersOwnParametersAndMetadata");
        assertThat(failuresOf(ChangesAMessage.class)).contains("leavesTheCallersRequestAlone");
    }

    @Test
    void layersThatDependOnTheSplitFail() {
        assertThat(failuresOf(WorksTokenByToken.class)).contains("changesATextTheSameWayHoweverItIsSplit");
        assertThat(failuresOf(LosesText.class)).contains("passesAStreamHoweverItIsSplit");
        assertThat(failuresOf(RepeatsToolCalls.class)).contains("passesToolCalls");
    }

    @Test
    void layersThatMixUpCallsFail() {
        assertThat(failuresOf(RemembersTheLastAnswer.class)).contains("servesManyThreadsAtOnce");
        assertThat(failuresOf(HoldsALock.class)).contains("holdsNoLockWhileTheModelWorks");
    }

    @Test
    void layersThatDoNotListenFail() {
        assertThat(failuresOf(HidesInterrupts.class)).containsExactly("anInterruptEndsABlockingCall");
        assertThat(failuresOf(WaitsDeaf.class)).contains("anInterruptEndsABlockingCall");
    }

    @Test
    void layersThatLeaveThingsBehindFail() {
        assertThat(failuresOf(LeaksAThread.class)).containsExactly("leavesNoThreadBehind");
        assertThat(failuresOf(HasRandomSettings.class)).containsExactly("saysWhatItIs");
    }
}
