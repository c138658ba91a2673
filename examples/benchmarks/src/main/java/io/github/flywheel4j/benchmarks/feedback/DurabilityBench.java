package io.github.flywheel4j.benchmarks.feedback;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.feedback.FeedbackEvent;
import io.github.flywheel4j.feedback.JsonLinesStore;
import io.github.flywheel4j.feedback.UserIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
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
            description = "jsonl (default: ${DEFAULT-VALUE})")
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
        if (!store.equals("jsonl")) {
            throw new BadInput("--store: '" + store + "' (expected: jsonl; other stores are not there yet)");
        }
        try (TemporaryFolder temporary = new TemporaryFolder()) {
            Path folder = temporary.next();
            Random random = new Random(seed);
            Set<UUID> acknowledged = new HashSet<>();
            for (int kill = 0; kill < kills; kill++) {
                writeAndKill(folder, kill, random, acknowledged);
            }
            return count(folder, acknowledged, out);
        }
    }

    private void writeAndKill(Path folder, int run, Random random, Set<UUID> acknowledged)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                DurabilityWriter.class.getName(),
                folder.toString(),
                String.valueOf(run),
                String.valueOf(random.nextLong()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process child = builder.start();
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

    private Figures count(Path folder, Set<UUID> acknowledged, PrintStream out) throws IOException {
        JsonLinesStore files = JsonLinesStore.in(folder, UserIds.none());
        Set<UUID> found = new HashSet<>();
        try (Stream<FeedbackEvent> events = files.events()) {
            events.forEach(event -> found.add(event.interactionId()));
        }
        Set<UUID> ids = new HashSet<>();
        long duplicates = 0;
        long unreadable = 0;
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(each -> each.getFileName().toString().startsWith("events-"))
                    .toList()) {
                try {
                    duplicates += duplicates(path, ids);
                } catch (IOException e) {
                    unreadable++;
                }
            }
        }
        Set<UUID> missing = new HashSet<>(acknowledged);
        missing.removeAll(found);
        long corrupt = files.corruptLines();
        new Table("after " + kills + " kills", store)
                .row("events acknowledged", String.format(Locale.ROOT, "%,d", acknowledged.size()))
                .row("of these missing", String.valueOf(missing.size()))
                .row("found though not acknowledged", String.valueOf(notAcknowledged(found, acknowledged)))
                .row("lines of the same event", String.valueOf(duplicates))
                .row("torn lines set aside", String.valueOf(corrupt))
                .row("unreadable files", String.valueOf(unreadable))
                .print(out);
        return new Figures()
                .put("store", store)
                .put("kills", kills)
                .put("acknowledged", acknowledged.size())
                .put("missing", missing.size())
                .put("duplicates", duplicates)
                .put("unreadable_files", unreadable)
                .put("torn_lines", corrupt);
    }

    private static long notAcknowledged(Set<UUID> found, Set<UUID> acknowledged) {
        return found.stream().filter(id -> !acknowledged.contains(id)).count();
    }

    /** How many lines of a file are events that were seen before. */
    private static long duplicates(Path path, Set<UUID> seen) throws IOException {
        long duplicates = 0;
        try (InputStream raw = Files.newInputStream(path);
                InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try {
                    duplicates += seen.add(FeedbackEvent.fromJson(line).eventId()) ? 0 : 1;
                } catch (IllegalArgumentException e) {
                    // The store has counted it.
                }
            }
        }
        return duplicates;
    }
}
