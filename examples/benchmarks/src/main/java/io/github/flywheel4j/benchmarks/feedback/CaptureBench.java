package io.github.flywheel4j.benchmarks.feedback;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.flywheel4j.CallContext;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.feedback.AsyncSink;
import io.github.flywheel4j.feedback.Capture;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.FeedbackSink;
import io.github.flywheel4j.feedback.JsonLinesSink;
import io.github.flywheel4j.feedback.TextPolicy;
import io.github.flywheel4j.feedback.UserIds;
import io.github.flywheel4j.stats.ArrivalSchedule;
import io.github.flywheel4j.stats.LatencyPercentiles;
import io.github.flywheel4j.stats.LatencyRecorder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What recording every interaction costs a call at a steady load, and how many events a second the files take. */
@Command(
        name = "capture",
        description =
                "What recording each interaction costs a call at 10,000 a second, and how many events a second the"
                        + " files take, beside logback's asynchronous file appender.",
        sortOptions = false)
public final class CaptureBench implements Bench {

    private static final double LEAST_SECONDS = 0.1;
    private static final double MOST_SECONDS = 3600;
    private static final double CALLS_PER_SECOND = 10_000;
    private static final int QUEUE = 16_384;
    private static final int SAMPLES = 1_000;
    private static final long WAIT_FOR_ROOM_NANOS = 100_000;

    /** Slices of the two subjects alternate, so that a disturbance of the machine meets both alike. */
    private static final int SLICES = 4;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "measuring time of the whole bench, 0.1 to 3600; a third of it is warmed up before (default:"
                    + " ${DEFAULT-VALUE})")
    private double seconds;

    private final Blackhole blackhole = new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is dangerous.");

    /** Creates it with the options' defaults. */
    public CaptureBench() {}

    @Override
    public Figures run(PrintStream out) throws Exception {
        if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
            throw new BadInput("--seconds: " + seconds + " (expected: a number from 0.1 to 3600)");
        }
        Figures figures = new Figures();
        try (TemporaryFolder folder = new TemporaryFolder()) {
            calls(folder, figures, out);
            throughput(folder, figures, out);
        }
        return figures;
    }

    private void calls(TemporaryFolder folder, Figures figures, PrintStream out) {
        LatencyRecorder bare = new LatencyRecorder();
        LatencyRecorder captured = new LatencyRecorder();
        LatencyRecorder bareInside = new LatencyRecorder();
        LatencyRecorder capturedInside = new LatencyRecorder();
        Duration slice = share(0.5 / SLICES / 2);
        AsyncSink.Counts counts;
        try (AsyncSink sink = AsyncSink.before(JsonLinesSink.in(folder.next()));
                ChatStack empty = stack(null);
                ChatStack stack = stack(sink)) {
            for (int i = 0; i < 2; i++) {
                load(empty.chatModel(), slice, new LatencyRecorder(), new LatencyRecorder());
                load(stack.chatModel(), slice, new LatencyRecorder(), new LatencyRecorder());
            }
            for (int i = 0; i < SLICES; i++) {
                load(empty.chatModel(), slice, bare, bareInside);
                load(stack.chatModel(), slice, captured, capturedInside);
            }
            sink.flush();
            counts = sink.counts();
        }
        LatencyPercentiles without = bare.percentiles();
        LatencyPercentiles with = captured.percentiles();
        LatencyPercentiles insideWithout = bareInside.percentiles();
        LatencyPercentiles insideWith = capturedInside.percentiles();
        Table table = new Table("calls, 10,000 a second", "p50 us", "p99 us", "p99.9 us");
        row(table, "empty stack, from the intended start", without);
        row(table, "capture to files, from the intended start", with);
        row(table, "empty stack, inside the call", insideWithout);
        row(table, "capture to files, inside the call", insideWith);
        table.print(out);
        figures.put("call_p50_us", with.p50Micros())
                .put("call_p99_us", with.p99Micros())
                .put("call_p999_us", with.p999Micros())
                .put("call_inside_p50_us", insideWith.p50Micros())
                .put("call_inside_p99_us", insideWith.p99Micros())
                .put("empty_stack_p50_us", without.p50Micros())
                .put("empty_stack_p99_us", without.p99Micros())
                .put("empty_stack_inside_p50_us", insideWithout.p50Micros())
                .put("empty_stack_inside_p99_us", insideWithout.p99Micros())
                .put("calls", counts.accepted())
                .put("dropped", counts.lost() + counts.refused());
    }

    private void throughput(TemporaryFolder folder, Figures figures, PrintStream out) throws IOException {
        List<FeedbackEvent> events = events();
        Duration time = share(0.5 / 4);
        // Warm, so that the order of the subjects does not matter.
        sustained(folder.next(), true, events, time.dividedBy(2));
        peer(folder.next(), events, time.dividedBy(2));

        Path plain = folder.next();
        Sustained ours = sustained(plain, false, events, time);
        Sustained zipped = sustained(folder.next(), true, events, time);
        Sustained peer = peer(folder.next(), events, time);
        double bytes = (double) TemporaryFolder.bytes(plain) / ours.events();
        new Table("sustained", "events a second", "MB a second")
                .row("JSON Lines", Table.number(ours.perSecond()), Table.number(ours.perSecond() * bytes / 1e6))
                .row(
                        "JSON Lines, closed files zipped",
                        Table.number(zipped.perSecond()),
                        Table.number(zipped.perSecond() * bytes / 1e6))
                .row("logback, same JSON", Table.number(peer.perSecond()), Table.number(peer.perSecond() * bytes / 1e6))
                .print(out);
        figures.put("events_per_second", ours.perSecond())
                .put("events_per_second_zipped", zipped.perSecond())
                .put("bytes_per_event", bytes)
                .put("peer_events_per_second", peer.perSecond())
                .put("ratio_to_peer", ours.perSecond() / peer.perSecond())
                .put("lost_sustained", ours.lost() + zipped.lost());
    }

    /** How many events were taken, and how fast. */
    private record Sustained(long events, double perSecond, long lost) {}

    private static Sustained sustained(Path folder, boolean zip, List<FeedbackEvent> events, Duration time) {
        JsonLinesSink.Builder files = JsonLinesSink.builder(folder);
        AsyncSink sink = AsyncSink.builder((zip ? files : files.withoutZip()).build())
                .capacity(QUEUE)
                .build();
        long start = System.nanoTime();
        long given = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            // Ours never blocks, so the bench waits for room, as logback's appender does by itself.
            while (sink.counts().queued() > QUEUE / 2) {
                LockSupport.parkNanos(WAIT_FOR_ROOM_NANOS);
            }
            for (int i = 0; i < 100; i++) {
                sink.accept(events.get((int) (given++ % SAMPLES)));
            }
        }
        sink.flush();
        double taken = (System.nanoTime() - start) / 1e9;
        sink.close();
        return new Sustained(given, given / taken, sink.counts().lost());
    }

    private static Sustained peer(Path folder, List<FeedbackEvent> events, Duration time) throws IOException {
        try (LogbackPeer peer = new LogbackPeer(folder, QUEUE)) {
            long start = System.nanoTime();
            long given = 0;
            while (System.nanoTime() - start < time.toNanos()) {
                for (int i = 0; i < 100; i++) {
                    peer.append(events.get((int) (given++ % SAMPLES)));
                }
            }
            peer.flush();
            return new Sustained(given, given / ((System.nanoTime() - start) / 1e9), 0);
        }
    }

    private void load(ChatModel model, Duration duration, LatencyRecorder latencies, LatencyRecorder inside) {
        ChatRequest request = request(0);
        int calls = (int) Math.max(1, Math.round(CALLS_PER_SECOND * duration.toNanos() / 1e9));
        ArrivalSchedule schedule = ArrivalSchedule.perSecond(CALLS_PER_SECOND, System.nanoTime());
        for (int i = 0; i < calls; i++) {
            long intended = schedule.intendedNanos(i);
            while (System.nanoTime() - intended < 0) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            blackhole.consume(model.chat(request));
            long end = System.nanoTime();
            latencies.record(intended, end);
            inside.record(start, end);
        }
    }

    private static List<FeedbackEvent> events() {
        List<FeedbackEvent> events = new ArrayList<>();
        FeedbackSink collect = events::add;
        try (ChatStack stack = stack(collect)) {
            for (int i = 0; i < SAMPLES; i++) {
                ChatResponse unused = stack.chatModel().chat(request(i));
            }
        }
        return List.copyOf(events);
    }

    private static ChatStack stack(@Nullable FeedbackSink sink) {
        ChatStack.Builder stack = ChatStack.builder()
                .chatModel(new AnsweringModel())
                .workload("support-answers")
                .defaultContext(CallContext.builder()
                        .tenant("acme")
                        .user("ann@example.org")
                        .session("6f1d")
                        .build());
        if (sink != null) {
            stack.layer(Capture.to(sink, TextPolicy.full(), UserIds.keyed(new byte[32])));
        }
        return stack.build();
    }

    private static ChatRequest request(int number) {
        return ChatRequest.builder()
                .messages(
                        SystemMessage.from("You are the assistant of a shop for kitchen appliances. Answer in two"
                                + " sentences, from the passages only, and say so if they do not have the answer."),
                        UserMessage.from("How do I return the kettle that I bought in order " + number + "?"))
                .build();
    }

    private Duration share(double share) {
        return Duration.ofNanos((long) (seconds * share * 1e9));
    }

    private static void row(Table table, String label, LatencyPercentiles latency) {
        table.row(label, micros(latency.p50Micros()), micros(latency.p99Micros()), micros(latency.p999Micros()));
    }

    private static String micros(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** A model that answers at once, with an answer of a usual length. */
    private static final class AnsweringModel implements ChatModel {

        private final ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from("You can return it within thirty days: print the label from your account, put"
                        + " the kettle into its box and hand it in at any post office. The refund arrives within five"
                        + " working days of the day on which we receive it."))
                .finishReason(FinishReason.STOP)
                .tokenUsage(new TokenUsage(54, 48))
                .build();

        @Override
        public ChatResponse chat(ChatRequest request) {
            return response;
        }
    }
}
