package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.benchmarks.caching.CacheFiles.Query;
import io.github.flywheel4j.caching.SemanticReplay;
import io.github.flywheel4j.caching.SemanticReplay.Kind;
import io.github.flywheel4j.caching.SemanticReplay.Outcome;
import io.github.flywheel4j.caching.SemanticTier;
import io.github.flywheel4j.stats.Interval;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A stream of questions through the semantic tier and through its peers, one after the other, as the cache fills.
 *
 * <p>A hit is right when the entry's question is of the same cluster. Exact repetitions of an earlier text are counted apart and
 * shown to no policy: every one serves those. A question that hits is not stored, others are (the per-entry policy stores only
 * what it explored in vain, as published). The label stands for the judge of those questions that were explored or audited.
 */
@Command(
        name = "cache-stream",
        description = "Semantic hits and wrong hits on a stream of labelled questions, beside static thresholds.",
        sortOptions = false)
public final class CacheStreamBench implements Bench {

    private static final int EARLY = 1_000;

    /** Spring AI scores (1 + cosine) / 2: its .80 and .95 are these cosines. */
    private static final double SPRING_080 = 0.60;

    private static final double SPRING_095 = 0.90;

    @Option(
            names = "--stream",
            paramLabel = "F",
            required = true,
            description = "JSON Lines {\"text\", \"cluster\"}, in the order of time")
    private @Nullable Path stream;

    @Mixin
    private final TierOptions options = new TierOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of exploration and audits (default: ${DEFAULT-VALUE})")
    private long seed;

    private final Set<String> exact = new HashSet<>();
    private final List<Query> queries = new ArrayList<>();
    private final List<Boolean> early = new ArrayList<>();

    /** Creates it with the options' defaults. */
    public CacheStreamBench() {}

    @Override
    public Figures run(PrintStream table) {
        if (stream == null) {
            throw new BadInput("--stream: missing (expected: a file)");
        }
        double tolerance = options.tolerance();
        List<Query> all = CacheFiles.stream(stream);
        int exactHits = 0;
        long possible = 0;
        Set<String> clusters = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            Query query = all.get(i);
            if (!exact.add(query.text())) {
                exactHits++;
                continue;
            }
            possible += clusters.add(query.cluster()) ? 0 : 1;
            queries.add(query);
            early.add(i < EARLY);
        }
        RememberedEmbeddings embeddings = RememberedEmbeddings.miniLm();
        Vectors vectors = new Vectors(
                queries.stream().map(query -> embeddings.unit(query.text())).toList());

        VetoCounts vetoes = new VetoCounts();
        Tally ours = ours(embeddings, vetoes, table);
        StaticThresholds statics = new StaticThresholds(cosine -> fixed(vectors, cosine));
        Tally perEntry = perEntry(vectors, tolerance);
        Tally spring080 = fixed(vectors, SPRING_080);
        Tally spring095 = fixed(vectors, SPRING_095);

        Table rows = new Table(
                "policy", "semantic hits", "wrong", "share", "95 % interval", "hits in first 1,000", "judged");
        statics.forEach((threshold, tally) -> row(rows, "cosine " + threshold, tally));
        row(rows, "Spring AI .80 (cosine .60)", spring080);
        row(rows, "Spring AI .95 (cosine .90)", spring095);
        row(rows, "logistic per entry, as published", perEntry);
        row(rows, "ours, tolerance " + tolerance, ours);
        rows.print(table);
        table.println(all.size() + " questions, " + exactHits + " exact repetitions, " + possible
                + " with an earlier one of the cluster in other words; "
                + options.calibration()
                        .map(file -> "calibrated with " + file.getFileName())
                        .orElse("learned from the stream alone"));
        table.println(
                "A policy per entry bounds the share of wrong answers among all answers, the others' is among hits.");
        table.println();

        Interval interval = ours.interval();
        return new Figures()
                .put("queries", all.size())
                .put("possible_exact_hits", exactHits)
                .put("possible_semantic_hits", possible)
                .put("exact_hits", exactHits)
                .put("semantic_hits", ours.hits)
                .put("semantic_hit_rate", possible == 0 ? 0.0 : (double) ours.hits / possible)
                .put("semantic_false_hits", ours.wrong)
                .put("semantic_false_hit_rate", ours.wrongRate())
                .putInterval("semantic_false_hit_interval", interval.low(), interval.high())
                .put("semantic_hits_first_1000", ours.hitsFirst1000)
                .put("tolerance", tolerance)
                .put("explored", ours.judged)
                .put("vetoes", vetoes.figures())
                .put("static", statics.figures(Tally::figures))
                .put(
                        "best_static_semantic_hits_at_same_error",
                        statics.atMost(ours.wrongRate()).hits())
                .put("per_entry_semantic_hits", perEntry.hits)
                .put("per_entry_semantic_false_hit_rate", perEntry.wrongRate())
                .put("per_entry_semantic_hits_first_1000", perEntry.hitsFirst1000)
                .put("per_entry_explored", perEntry.judged)
                .put("spring_080", spring080.figures())
                .put("spring_095", spring095.figures());
    }

    private static void row(Table rows, String name, Tally tally) {
        rows.row(
                name,
                String.valueOf(tally.hits),
                String.valueOf(tally.wrong),
                Tally.percent(tally.wrongRate()),
                tally.intervalText(),
                String.valueOf(tally.hitsFirst1000),
                String.valueOf(tally.judged));
    }

    private Tally ours(RememberedEmbeddings embeddings, VetoCounts vetoes, PrintStream table) {
        SemanticTier tier = options.tier(embeddings, seed);
        options.calibrationPairs().ifPresent(tier::calibrate);
        SemanticReplay replay = SemanticReplay.of(tier);
        Tally tally = new Tally();
        for (int i = 0; i < queries.size(); i++) {
            Query query = queries.get(i);
            Outcome outcome = replay.ask(query.text(), query.cluster());
            if (outcome.kind() == Kind.HIT) {
                tally.hit(outcome.right(), early.get(i));
                if (!outcome.right()) {
                    options.show(table, query.text(), outcome);
                }
            }
            tally.judged += outcome.judged() ? 1 : 0;
            vetoes.count(outcome);
        }
        return tally;
    }

    private Tally fixed(Vectors vectors, double threshold) {
        boolean[] stored = new boolean[queries.size()];
        Tally tally = new Tally();
        for (int i = 0; i < queries.size(); i++) {
            int nearest = vectors.nearestStored(i, stored);
            if (nearest >= 0 && vectors.similarity(i, nearest) >= threshold) {
                tally.hit(same(i, nearest), early.get(i));
            } else {
                stored[i] = true;
            }
        }
        return tally;
    }

    private Tally perEntry(Vectors vectors, double tolerance) {
        PerEntryPolicy policy = new PerEntryPolicy(tolerance, new SplittableRandom(seed));
        boolean[] stored = new boolean[queries.size()];
        Tally tally = new Tally();
        for (int i = 0; i < queries.size(); i++) {
            int nearest = vectors.nearestStored(i, stored);
            if (nearest < 0) {
                stored[i] = true;
                continue;
            }
            double similarity = vectors.similarity(i, nearest);
            boolean right = same(i, nearest);
            if (policy.serves(nearest, similarity)) {
                tally.hit(right, early.get(i));
            } else {
                policy.explored(nearest, similarity, right);
                tally.judged++;
                stored[i] = !right;
            }
        }
        return tally;
    }

    private boolean same(int a, int b) {
        return queries.get(a).cluster().equals(queries.get(b).cluster());
    }
}
