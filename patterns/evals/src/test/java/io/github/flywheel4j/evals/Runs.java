package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Ending;
import io.github.flywheel4j.evals.EvalRun.Info;
import io.github.flywheel4j.evals.EvalRun.ScorerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** Cases, scorers and finished runs for tests. */
final class Runs {

    private Runs() {}

    /** So many cases, each asking its number, in clusters of the given size. */
    static Dataset dataset(int cases, int clusterSize) {
        List<EvalCase> all = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            SortedSet<String> slices = new TreeSet<>();
            slices.add(i % 2 == 0 ? "even" : "odd");
            all.add(new EvalCase(
                    String.format("case-%05d", i),
                    EvalInput.text("What is " + i + "?"),
                    String.valueOf(i),
                    List.of(),
                    slices,
                    EvalCase.Origin.HAND,
                    null,
                    clusterSize == 1 ? null : "cluster-" + i / clusterSize));
        }
        return Dataset.of("numbers", all);
    }

    /** Passes an answer that contains what is expected. */
    static Scorer contains() {
        return scorer(
                "contains", false, (evalCase, output) -> Score.of(output.text().contains(evalCase.expected())));
    }

    static Scorer scorer(String name, boolean lossy, BiFunction<EvalCase, Output, Score> score) {
        return new Scorer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String fingerprint() {
                return name + "-1";
            }

            @Override
            public boolean lossy() {
                return lossy;
            }

            @Override
            public Score score(EvalCase evalCase, Output output) {
                return score.apply(evalCase, output);
            }
        };
    }

    static Info info(String candidate, Map<String, ScorerInfo> scorers, int planned) {
        return new Info(
                candidate,
                "fingerprint-" + candidate,
                "model",
                "prompt",
                "data",
                "hash",
                scorers,
                1,
                planned,
                Instant.EPOCH,
                Duration.ofSeconds(1),
                Ending.COMPLETE);
    }

    static ScorerInfo exact() {
        return new ScorerInfo("1", false, true, true);
    }

    /** A complete run in which case i has these values, which pass from 0.5 on if they are all 0 or 1. */
    static EvalRun of(String candidate, int cases, int clusterSize, Map<String, ToDoubleFunction<Integer>> metrics) {
        Map<String, ScorerInfo> scorers = new LinkedHashMap<>();
        metrics.keySet().forEach(name -> scorers.put(name, exact()));
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            Map<String, Score> scores = new LinkedHashMap<>();
            for (Map.Entry<String, ToDoubleFunction<Integer>> metric : metrics.entrySet()) {
                double value = metric.getValue().applyAsDouble(i);
                scores.put(metric.getKey(), value == 0 || value == 1 ? Score.of(value == 1) : Score.of(value));
            }
            results.add(result(i, clusterSize, scores));
        }
        return new EvalRun(info(candidate, scorers, cases), results);
    }

    static CaseResult result(int i, int clusterSize, Map<String, Score> scores) {
        SortedSet<String> slices = new TreeSet<>();
        slices.add(i % 2 == 0 ? "even" : "odd");
        return new CaseResult(
                String.format("case-%05d", i),
                0,
                "cluster-" + i / clusterSize,
                slices,
                Output.of("answer"),
                null,
                scores,
                Map.of());
    }
}
