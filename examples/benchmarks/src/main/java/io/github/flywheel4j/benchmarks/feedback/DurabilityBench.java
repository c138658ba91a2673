package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is lost of what a store acknowledged, when its process is killed at random moments. */
@Command(
        name = "durability",
        description = "What is missing of the events that a store acknowledged when its process is killed (SIGKILL) at"
                + " random moments and restarted on the same files.",
        sortOptions = false)
public final class DurabilityBench implements Bench {

    private static final int MOST_KILLS = 10_000;
    private static final int LONGEST_LIFE_MILLIS = 600;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "20",
            description = "how often (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(
            names = "--store",
            paramLabel = "NAME",
            defaultValue = "jsonl",
            description =
                    "jsonl, h2, postgres or kafka (default: ${DEFAULT-VALUE}); kafka: half way the broker is killed too, and"
                            + " away for ten seconds while a queue before the sink goes on taking events")
    private String store = "jsonl";

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the moments and batch sizes (default: ${DEFAULT-VALUE})")
    private long seed;

    /** Creates it with the options' defaults. */
    public DurabilityBench() {}

    @Override
    public Figures run(PrintStream out) throws Exception {
        if (kills < 1 || kills > MOST_KILLS) {
            throw new BadInput("--kills: " + kills + " (expected: a number from 1 to " + MOST_KILLS + ")");
        }
        DurableStore kind = kind();
        Random random = new Random(seed);
        try (TemporaryFolder temporary = new TemporaryFolder();
                DurabilitySubject subject = subject(kind, temporary, random)) {
            Set<UUID> acknowledged = new HashSet<>();
            for (int kill = 0; kill < kills; kill++) {
                if (kill == kills / 2) {
                    subject.halfWay(acknowledged);
                }
                writeAndKill(kind, subject.where(), kill, random, acknowledged);
            }
            return count(subject.found(), acknowledged, out);
        }
    }

    private DurableStore kind() {
        for (DurableStore kind : DurableStore.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(store)) {
                return kind;
            }
        }
        throw new BadInput("--store: '" + store + "' (expected: jsonl, h2, postgres or kafka)");
    }

    private static DurabilitySubject subject(DurableStore kind, TemporaryFolder temporary, Random random)
            throws IOException, InterruptedException {
        return switch (kind) {
            case JSONL -> new FilesSubject(temporary.next());
            case H2 -> DatabaseSubject.h2(temporary.next());
            case POSTGRES -> DatabaseSubject.postgres();
            case KAFKA -> new TopicSubject(temporary.next(), temporary.next(), random);
        };
    }

    private static void writeAndKill(DurableStore kind, String where, int run, Random random, Set<UUID> acknowledged)
            throws IOException, InterruptedException {
        Process child = ChildProcess.of(
                        "-Xmx256m",
                        DurabilityWriter.class.getName(),
                        kind.name(),
                        where,
                        String.valueOf(run),
                        String.valueOf(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader acknowledgements =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            String ready = acknowledgements.readLine();
            if (ready == null) {
                throw new IllegalStateException("the writing process ended by itself, with " + child.waitFor());
            }
            Thread killer = new Thread(() -> kill(child, random.nextInt(LONGEST_LIFE_MILLIS)));
            killer.start();
            // A pipe keeps what was written into it before the kill.
            for (String line = acknowledgements.readLine(); line != null; line = acknowledgements.readLine()) {
                String[] range = line.split(" ", 3);
                if (range.length == 3 && range[2].equals(".")) {
                    for (long number = Long.parseLong(range[0]); number <= Long.parseLong(range[1]); number++) {
                        acknowledged.add(DurabilityWriter.id(run, number));
                    }
                }
            }
            killer.join();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static void kill(Process child, int afterMillis) {
        try {
            if (child.waitFor(afterMillis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the writing process ended by itself, with " + child.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // By its handle: Process.destroyForcibly would close the pipe too, with the acknowledgements that are still in
        // it.
        child.toHandle().destroyForcibly();
    }

    private Figures count(DurabilitySubject.Found found, Set<UUID> acknowledged, PrintStream out) {
        Set<UUID> missing = new HashSet<>(acknowledged);
        missing.removeAll(found.events());
        long more =
                found.events().stream().filter(id -> !acknowledged.contains(id)).count();
        new Table("after " + kills + " kills", store)
                .row("events acknowledged", String.format(Locale.ROOT, "%,d", acknowledged.size()))
                .row("of these missing", String.valueOf(missing.size()))
                .row("found though not acknowledged", String.valueOf(more))
                .row("entries of the same event", String.valueOf(found.duplicates()))
                .row("torn entries set aside", String.valueOf(found.torn()))
                .row("unreadable files", String.valueOf(found.unreadable()))
                .print(out);
        return new Figures()
                .put("store", store)
                .put("kills", kills)
                .put("acknowledged", acknowledged.size())
                .put("missing", missing.size())
                .put("duplicates", found.duplicates())
                .put("unreadable_files", found.unreadable())
                .put("torn_lines", found.torn());
    }
}
