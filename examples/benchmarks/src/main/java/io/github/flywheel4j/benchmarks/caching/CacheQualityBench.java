package io.github.flywheel4j.benchmarks.caching;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    private static final int LOWEST = 80;
    private static final int HIGHEST = 99;

    @Option(
            names = "--pairs",
            paramLabel = "F",
            required = true,
            description = "JSON Lines {\"a\", \"b\", \"same\"}")
    private @Nullable Path pairs;

    @Option(
            names = "--calibrate",
            paramLabel = "F",
            description = "JSON Lines {\"a\", \"b\", \"same\"} to learn from; without it each fifth of the pairs is asked of a"
                    + " tier that learned from the others")
    private @Nullable Path calibrate;

    @Option(
            names = "--tolerance",
            paramLabel = "x",
            defaultValue = "0.02",
            description = "tolerated share of wrong hits (default: ${DEFAULT-VALUE})")
    private double tolerance;

    private final Map<String, Long> vetoes = new TreeMap<>();
    private long hitsOnOthers;

    /** Creates it with the options' defaults. */
    public CacheQualityBench() {}

    @Override
    public Figures run(PrintStream table) {
        if (pairs == null) {
            throw new BadInput("--pairs: missing (expected: a file)");
        }
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new BadInput("--tolerance: " + tolerance + " (expected: between 0 and 1)");
        }
        List<LabelledPair> all = CacheFiles.pairs(pairs);
        RememberedEmbeddings embeddings = new RememberedEmbeddings(new AllMiniLmL6V2QuantizedEmbeddingModel());
        Tally ours = new Tally();
        if (calibrate != null) {
            ask(embeddings, CacheFiles.pairs(calibrate), all, ours);
        } else {
            int[] folds = folds(all);
            for (int fold = 0; fold < FOLDS; fold++) {
                List<LabelledPair> learned = new ArrayList<>();
                List<LabelledPair> asked = new ArrayList<>();
                for (int i = 0; i < folds.length; i++) {
                    (folds[i] == fold ? asked : learned).add(all.get(i));
                }
                ask(embeddings, learned, asked, ours);
            }
        }
        long same = all.stream().filter(LabelledPair::same).count();
        Tally best = null;
        String bestThreshold = "none";
        Table rows = new Table("policy", "hits", "wrong", "share", "95 % interval", "of the same pairs");
        Figures fixed = new Figures();
        for (int percent = LOWEST; percent <= HIGHEST; percent++) {
            Tally tally = fixed(embeddings, all, percent / 100.0);
            String threshold = String.format(Locale.ROOT, "%.2f", percent / 100.0);
            row(rows, "cosine " + threshold, tally, same);
            fixed.put(threshold, figures(tally, same));
            if (tally.wrongRate() <= ours.wrongRate() && (best == null || tally.hits > best.hits)) {
                best = tally;
                bestThreshold = threshold;
            }
        }
        Tally perEntry = perEntry(embeddings, all);
        row(rows, "logistic per entry, as published", perEntry, same);
        row(rows, "ours, tolerance " + tolerance, ours, same);
        rows.print(table);
        table.println(all.size() + " pairs, " + same + " the same; ours "
                + (calibrate == null
                        ? "learned from four fifths and was asked the fifth, five times"
                        : "learned from " + calibrate.getFileName())
                + "; " + hitsOnOthers + " hits on the text of another pair are left out (no label)");
        table.println();
        Figures byReason = new Figures();
        vetoes.forEach((reason, count) -> byReason.put(reason, count.longValue()));
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
                .put("calibrated_by", calibrate == null ? "cross-fitting" : "file")
                .put("hits_on_other_pairs", hitsOnOthers)
                .put("vetoes", byReason)
                .put("best_static_at_same_error", best == null ? 0 : best.hits)
                .put("best_static_threshold_at_same_error", bestThreshold)
                .put("per_entry_policy", figures(perEntry, same))
                .put("static", fixed);
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
            RememberedEmbeddings embeddings, List<LabelledPair> learned, List<LabelledPair> asked, Tally tally) {
        SemanticTier tier = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
                .tolerance(tolerance)
                .random(new SplittableRandom(1))
                .build();
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
            outcome.veto().ifPresent(reason -> vetoes.merge(reason.name().toLowerCase(Locale.ROOT), 1L, Long::sum));
            if (outcome.kind() == Kind.HIT) {
                if (outcome.right()) {
                    tally.hit(pair.same(), false);
                } else {
                    hitsOnOthers++;
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
    private Tally perEntry(RememberedEmbeddings embeddings, List<LabelledPair> pairs) {
        PerEntryPolicy policy = new PerEntryPolicy(tolerance, new SplittableRandom(1));
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
            folds[i] = foldOf.computeIfAbsent(
                    root(parent, pairs.get(i).a()), text -> foldOf.size() % FOLDS);
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
