package io.github.flywheel4j.evals;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.InteractionListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores a sampled share of the calls in production, in the background and within a budget, and hands each score on as an
 * {@link EvaluationEvent}. Thread-safe; a call never waits for it.
 *
 * <p>Scorers that need an expected answer have none here: use judges, groundedness, refusal, latency and cost. What a judge asks
 * through a stack carries {@link Candidate#ATTRIBUTE} and asks for a fresh answer, so it is neither scored nor taken for traffic.
 * The sample is
 * drawn by a hash of the interaction id, so every process and every rerun chooses the same calls, whatever became of them.
 * Only calls with an answer can be scored; {@link #counts()} says how many of how many that were, because a rate over scored
 * calls alone would leave out blocks and failures.
 *
 * <pre>{@code
 * OnlineScoring online = OnlineScoring.builder(event -> log.add(event.toJson()))
 *         .scorer(judge)
 *         .share(0.02)
 *         .atMost(200, Duration.ofHours(1))
 *         .build();
 * ChatStack stack =
 *         ChatStack.builder().chatModel(model).interactionListener(online).build();
 * }</pre>
 */
public final class OnlineScoring implements InteractionListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OnlineScoring.class);
    private static final long IDLE_SECONDS = 5;
    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(5);

    private final Consumer<EvaluationEvent> events;
    private final List<Scorer> scorers;
    private final double share;
    private final Function<String, Optional<String>> passages;
    private final CallAllowance allowance;
    private final Clock clock;
    private final ThreadPoolExecutor scoring;
    private final AtomicBoolean consumerFailed = new AtomicBoolean();
    private final LongAdder seen = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder sampled = new LongAdder();
    private final LongAdder scored = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder overBudget = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    private OnlineScoring(Builder builder) {
        this.events = builder.events;
        this.scorers = List.copyOf(builder.scorers);
        this.share = builder.share;
        this.passages = builder.passages;
        this.clock = builder.clock;
        this.allowance = new CallAllowance(builder.calls, builder.period, clock);
        this.scoring = new ThreadPoolExecutor(
                builder.threads,
                builder.threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(builder.queue),
                task -> {
                    Thread thread = new Thread(task, "flywheel4j-online-scoring");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, pool) -> dropped.increment());
        scoring.allowCoreThreadTimeOut(true);
    }

    /** A builder; events go to the given consumer, on the scoring threads, one call at a time for each thread. */
    public static Builder builder(Consumer<EvaluationEvent> events) {
        return new Builder(events);
    }

    /** Takes note of a call: scores it later, if it is in the sample, has an answer and the budget allows it. */
    @Override
    public void onInteraction(Interaction interaction) {
        ChatResponse response = interaction.response();
        if (isNoAnswer(interaction, response)) {
            return;
        }
        seen.increment();
        if (response == null) {
            unanswered.increment();
        } else if (isSampled(interaction)) {
            sampled.increment();
            if (allowance.take()) {
                scoring.execute(() -> score(new AnsweredInteraction(interaction, response)));
            } else {
                overBudget.increment();
            }
        }
    }

    /** Calls for tools are a step to an answer, and what an evaluation asks is not production. */
    private static boolean isNoAnswer(Interaction interaction, @Nullable ChatResponse response) {
        return interaction.context().attributes().containsKey(Candidate.ATTRIBUTE)
                || (response != null && response.aiMessage().hasToolExecutionRequests());
    }

    /** True: it has a queue of its own, and so loses nothing to slower listeners. */
    @Override
    public boolean inline() {
        return true;
    }

    /** The last bits of the id are random; mixed, they are a number between 0 and 1. */
    private boolean isSampled(Interaction interaction) {
        long mixed = interaction.id().getLeastSignificantBits() * 0x9E3779B97F4A7C15L;
        return (mixed >>> 11) * 0x1.0p-53 < share;
    }

    private void score(AnsweredInteraction answered) {
        EvalCase evalCase = null;
        for (Scorer scorer : scorers) {
            Score score = null;
            String errorType = null;
            try {
                evalCase = evalCase == null ? answered.evalCase(passages) : evalCase;
                score = answered.score(scorer, evalCase);
                scored.increment();
            } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
                errorType = e.getClass().getName();
                errors.increment();
            }
            hand(answered.event(clock.instant(), scorer, score, errorType));
        }
    }

    private void hand(EvaluationEvent event) {
        try {
            events.accept(event);
        } catch (RuntimeException e) {
            if (consumerFailed.compareAndSet(false, true)) {
                LOG.warn(
                        "the consumer of evaluation events threw {}; scoring goes on, further failures of it are not"
                                + " logged",
                        e.getClass().getName(),
                        e);
            }
        }
    }

    /** What became of the calls so far. */
    public Counts counts() {
        return new Counts(
                seen.sum(),
                unanswered.sum(),
                sampled.sum(),
                scored.sum(),
                errors.sum(),
                overBudget.sum(),
                dropped.sum());
    }

    /** Scores what is queued, for at most five seconds, and ends. Calls that come later are dropped. */
    @Override
    public void close() {
        scoring.shutdown();
        try {
            if (!scoring.awaitTermination(LONGEST_GOODBYE.toSeconds(), TimeUnit.SECONDS)) {
                dropped.add(scoring.shutdownNow().size());
            }
        } catch (InterruptedException e) {
            scoring.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What became of the calls.
     *
     * @param seen calls that ended
     * @param unanswered calls without an answer: failed or cancelled ones
     * @param sampled answered calls in the sample
     * @param scored scores that were made, over all scorers
     * @param errors scores that could not be made, over all scorers
     * @param overBudget sampled calls that the budget did not allow
     * @param dropped sampled calls for which there was no room in the queue
     */
    public record Counts(
            long seen, long unanswered, long sampled, long scored, long errors, long overBudget, long dropped) {}

    /** Builds an {@link OnlineScoring}. */
    public static final class Builder {
        private static final int DEFAULT_CALLS = 100;
        private static final Duration DEFAULT_PERIOD = Duration.ofHours(1);
        private static final int DEFAULT_QUEUE = 1_000;

        private final Consumer<EvaluationEvent> events;
        private final List<Scorer> scorers = new ArrayList<>();
        private double share = 0.01;
        private Function<String, Optional<String>> passages = source -> Optional.empty();
        private int calls = DEFAULT_CALLS;
        private Duration period = DEFAULT_PERIOD;
        private int queue = DEFAULT_QUEUE;
        private int threads = 1;
        private Clock clock = Clock.systemUTC();

        private Builder(Consumer<EvaluationEvent> events) {
            this.events = events;
        }

        /** Adds a scorer; at least one is needed. */
        public Builder scorer(Scorer scorer) {
            scorers.add(scorer);
            return this;
        }

        /** Which share of the answered calls to score, above 0 and up to 1; 0.01 unless told, because judges cost money. */
        public Builder share(double share) {
            this.share = share;
            return this;
        }

        /**
         * Gives the text of a source that retrieval names, so that judges of faithfulness and groundedness have the passages to
         * judge by; without it they have those that retrieval itself told with their texts, and where there is none they fail
         * with an error. Called on the scoring threads.
         */
        public Builder passages(Function<String, Optional<String>> passages) {
            this.passages = passages;
            return this;
        }

        /** The budget: at most so many calls in each period; 100 an hour unless told. */
        public Builder atMost(int calls, Duration period) {
            this.calls = calls;
            this.period = period;
            return this;
        }

        /** How many sampled calls may wait; 1,000 unless told. Each holds its request and answer in memory. */
        public Builder queue(int capacity) {
            this.queue = capacity;
            return this;
        }

        /** How many calls are scored at once; 1 unless told, which is kind to the judge's rate limits. */
        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        /** The clock of the budget and of the events; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Builds it.
         *
         * @throws IllegalArgumentException if there is no scorer or two of one name, or a number is out of its range
         */
        public OnlineScoring build() {
            if (scorers.isEmpty()) {
                throw new IllegalArgumentException("scorers: none (expected: at least one scorer(...))");
            }
            if (scorers.stream().map(Scorer::name).distinct().count() < scorers.size()) {
                throw new IllegalArgumentException(
                        "scorers: " + scorers.stream().map(Scorer::name).toList() + " (expected: each name once)");
            }
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("share: " + share + " (expected: above 0 and up to 1)");
            }
            requirePositive("calls of atMost", calls);
            requirePositive("queue", queue);
            requirePositive("threads", threads);
            if (period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException("period of atMost: " + period + " (expected: > 0)");
            }
            return new OnlineScoring(this);
        }

        private static void requirePositive(String name, int value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
        }
    }
}
