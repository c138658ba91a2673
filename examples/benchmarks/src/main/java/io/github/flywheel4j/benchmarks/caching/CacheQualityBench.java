package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.caching.LabelledPair;
import io.github.flywheel4j.caching.SemanticReplay;
import io.github.flywheel4j.caching.SemanticReplay.Kind;
import io.github.flywheel4j.caching.SemanticReplay.Outcome;
import io.github.flywheel4j.caching.SemanticTier;
import io.github.flywheel4j.stats.Interval;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Labelled pairs: the second text of each is stored, the first is asked. The tier learns nothing while it is asked.
 *
 * <p>Without a file to calibrate with, five folds are made: the tier of each learns from the other four. Pairs that share a text
 * are in one fold. A hit on another text than the pair's is counted apart: no label says whether it is right.
 */
@Command(
        name = "cache-quality",
        description = "Hits and wrong hits on labelled pairs, beside static thresholds.",
        sortOptions = false)
public final class CacheQualityBench implements Bench {

    private static final int FOLDS = 5;
    private static final long SEED = 1;

    @Option(names = "--pairs", paramLabel = "F", required = true, description = "JSON Lines {\"a\", \"b\", \"same\"}")
    private @Nullable Path pairs;

    @Mixin
    private final TierOptions options = new TierOptions();

    private final VetoCounts vetoes = new VetoCounts();
    private long hitsOnOthers;

    /** Creates it with the options' defaults. */
    public CacheQualityBench() {}

    @Override
    public Figures run(PrintStream table) {
        if (pairs == null) {
            throw new BadInput("--pairs: missing (expected: a file)");
        }
        double tolerance = options.tolerance();
        List<LabelledPair> all = CacheFiles.pairs(pairs);
        RememberedEmbeddings embeddings = RememberedEmbeddings.miniLm();
        Tally ours = new Tally();
        Optional<List<LabelledPair>> given = options.calibrationPairs();
        if (given.isPresent()) {
            ask(embeddings, given.get(), all, ours, table);
        } else {
            int[] folds = folds(all);
            for (int fold = 0; fold < FOLDS; fold++) {
                List<LabelledPair> learned = new ArrayList<>();
                List<LabelledPair> asked = new ArrayList<>();
                for (int i = 0; i < folds.length; i++) {
                    (folds[i] == fold ? asked : learned).add(all.get(i));
                }
                ask(embeddings, learned, asked, ours, table);
            }
        }
        long same = all.stream().filter(LabelledPair::same).count();
        StaticThresholds statics = new StaticThresholds(cosine -> fixed(embeddings, all, cosine));
        Tally perEntry = perEntry(embeddings, all, tolerance);
        Table rows = new Table("policy", "hits", "wrong", "share", "95 % interval", "of the same pairs");
        statics.forEach((threshold, tally) -> row(rows, "cosine " + threshold, tally, same));
        row(rows, "logistic per entry, as published", perEntry, same);
        row(rows, "ours, tolerance " + tolerance, ours, same);
        rows.print(table);
        table.println(all.size() + " pairs, " + same + " the same; ours "
                + options.calibration()
                        .map(file -> "learned from " + file.getFileName()
                                + (file.equals(pairs) ? ", which it is asked" : ""))
                        .orElse("learned from four fifths and was asked the fifth, five times")
                + "; " + hitsOnOthers + " hits on the text of another pair are left out (no label)");
        table.println();
        StaticThresholds.Best best = statics.atMost(ours.wrongRate());
        Interval interval = ours.interval();
        return new Figures()
                .put("pairs", all.size())
                .put("same", same)
                .put("hits", ours.hits)
                .put("hit_rate", (double) ours.hits / all.size())
                .put("false_hits", ours.wrong)
                .put("false_hit_rate", ours.wrongRate())
                .putInterval("false_hit_interval", interval.low(), interval.high())
                .put("recall", same == 0 ? 0.0 : (double) (ours.hits - ours.wrong) / same)
                .put("tolerance", tolerance)
                .put("calibrated_by", given.isPresent() ? "file" : "cross-fitting")
                .put("hits_on_other_pairs", hitsOnOthers)
                .put("vetoes", vetoes.figures())
                .put("best_static_at_same_error", best.hits())
                .put("best_static_threshold_at_same_error", best.threshold())
                .put("per_entry_policy", figures(perEntry, same))
                .put("static", statics.figures(tally -> figures(tally, same)));
    }

    private static void row(Table rows, String name, Tally tally, long same) {
        rows.row(
                name,
                String.valueOf(tally.hits),
                String.valueOf(tally.wrong),
                Tally.percent(tally.wrongRate()),
                tally.intervalText(),
                Tally.percent(same == 0 ? 0 : (double) (tally.hits - tally.wrong) / same));
    }

    private static Figures figures(Tally tally, long same) {
        return new Figures()
                .put("hits", tally.hits)
                .put("false_hits", tally.wrong)
                .put("false_hit_rate", tally.wrongRate())
                .put("recall", same == 0 ? 0.0 : (double) (tally.hits - tally.wrong) / same);
    }

    private void ask(
            RememberedEmbeddings embeddings,
            List<LabelledPair> learned,
            List<LabelledPair> asked,
            Tally tally,
            PrintStream table) {
        SemanticTier tier = options.tier(embeddings, SEED);
        tier.calibrate(learned);
        SemanticReplay replay = SemanticReplay.frozen(tier);
        Set<String> stored = new LinkedHashSet<>();
        for (LabelledPair pair : asked) {
            if (stored.add(pair.b())) {
                replay.store(pair.b(), pair.b());
            }
        }
        for (LabelledPair pair : asked) {
            Outcome outcome = replay.ask(pair.a(), pair.b());
            vetoes.count(outcome);
            if (outcome.kind() == Kind.HIT) {
                if (!outcome.right()) {
                    hitsOnOthers++;
                    continue;
                }
                tally.hit(pair.same(), false);
                if (!pair.same()) {
                    options.show(table, pair.a(), outcome);
                }
            }
        }
    }

    private static Tally fixed(RememberedEmbeddings embeddings, List<LabelledPair> pairs, double threshold) {
        Tally tally = new Tally();
        for (LabelledPair pair : pairs) {
            if (Vectors.dot(embeddings.unit(pair.a()), embeddings.unit(pair.b())) >= threshold) {
                tally.hit(pair.same(), false);
            }
        }
        return tally;
    }

    /** Pairs hold a text a few times at most, so hardly an entry ever has enough observations. */
    private Tally perEntry(RememberedEmbeddings embeddings, List<LabelledPair> pairs, double tolerance) {
        PerEntryPolicy policy = new PerEntryPolicy(tolerance, new SplittableRandom(SEED));
        Map<String, Integer> entries = new HashMap<>();
        Tally tally = new Tally();
        for (LabelledPair pair : pairs) {
            int entry = entries.computeIfAbsent(pair.b(), text -> entries.size());
            double similarity = Vectors.dot(embeddings.unit(pair.a()), embeddings.unit(pair.b()));
            if (policy.serves(entry, similarity)) {
                tally.hit(pair.same(), false);
            } else {
                policy.explored(entry, similarity, pair.same());
                tally.judged++;
            }
        }
        return tally;
    }

    /** Pairs that share a text, also by way of others, are in one fold; folds are filled in the order of the file. */
    private static int[] folds(List<LabelledPair> pairs) {
        Map<String, String> parent = new HashMap<>();
        for (LabelledPair pair : pairs) {
            String a = root(parent, pair.a());
            String b = root(parent, pair.b());
            if (!a.equals(b)) {
                parent.put(a, b);
            }
        }
        Map<String, Integer> foldOf = new HashMap<>();
        int[] folds = new int[pairs.size()];
        for (int i = 0; i < folds.length; i++) {
            folds[i] = foldOf.computeIfAbsent(root(parent, pairs.get(i).a()), text -> foldOf.size() % FOLDS);
        }
        return folds;
    }

    private static String root(Map<String, String> parent, String text) {
        String root = text;
        while (true) {
            String above = parent.putIfAbsent(root, root);
            if (above == null || above.equals(root)) {
                return root;
            }
            root = above;
        }
    }
}
