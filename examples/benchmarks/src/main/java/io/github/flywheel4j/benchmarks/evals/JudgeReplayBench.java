package io.github.flywheel4j.benchmarks.evals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.benchmarks.evals.Rows.Row;
import io.github.flywheel4j.evals.PairVerdict;
import io.github.flywheel4j.evals.Preference;
import io.github.flywheel4j.evals.VerdictParser;
import io.github.flywheel4j.stats.Interval;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Recorded verdicts of judges on pairs of answers beside what people said: without a model, how right the judges are, how much
 * they favour a place, and what their win rates become once corrected for their errors.
 */
@Command(
        name = "judge-replay",
        description = "How recorded judges agree with people, flip with the order, and are corrected for it.",
        sortOptions = false)
public final class JudgeReplayBench implements Bench {

    private static final String EXPECTED =
            "JSON Lines with human (or human1, human2 ...) and judges {name: {forward, reverse}}";
    private static final String ALL = "all";

    @Option(names = "--file", paramLabel = "F", required = true, description = EXPECTED)
    private @Nullable Path file;

    /** Creates it with the options' defaults. */
    public JudgeReplayBench() {}

    @Override
    public Figures run(PrintStream out) {
        Map<String, List<JudgedPair>> byJudge = new TreeMap<>();
        int pairs = 0;
        for (Row row : Rows.read(file, EXPECTED).all()) {
            pairs++;
            Preference human = human(row);
            JsonNode judges = row.json().path("judges");
            if (!judges.isObject() || judges.isEmpty()) {
                throw row.bad("judges", "an object of judges, each with forward and mostly reverse");
            }
            for (Map.Entry<String, JsonNode> judge : judges.properties()) {
                byJudge.computeIfAbsent(judge.getKey(), name -> new ArrayList<>())
                        .add(pair(row, judge.getValue(), human));
            }
        }
        return report(out, pairs, byJudge);
    }

    private static JudgedPair pair(Row row, JsonNode recorded, Preference human) {
        if (!recorded.path("forward").isTextual() && !recorded.path("forward").isNull()) {
            throw row.bad("judges", "an object of judges, each with the text of its forward verdict");
        }
        boolean both = recorded.has("reverse");
        PairVerdict verdict = new PairVerdict(
                row.place(),
                verdict(recorded.path("forward")),
                both ? verdict(recorded.path("reverse")) : null,
                both ? 2 : 1,
                row.json().path("a").asText().length(),
                row.json().path("b").asText().length());
        // Pairs that were made of one instruction depend on each other.
        String cluster = row.json().path("instruction").asText(row.place());
        String id = row.json().path("id").asText(row.place());
        return new JudgedPair(id, row.json().path("source").asText(ALL), cluster, verdict, human);
    }

    private static @Nullable Preference verdict(JsonNode words) {
        return words.isTextual() ? VerdictParser.choice(words.textValue()).orElse(null) : null;
    }

    /** One person, or what most of several said; without a majority nobody has won. */
    private static Preference human(Row row) {
        if (row.json().has("human")) {
            return said(row, "human");
        }
        Map<Preference, Integer> votes = new EnumMap<>(Preference.class);
        int people = 0;
        for (int i = 1; row.json().has("human" + i); i++) {
            votes.merge(said(row, "human" + i), 1, Integer::sum);
            people++;
        }
        if (people == 0) {
            throw row.bad("human", "a, b or tie, or human1, human2 and so on");
        }
        int most = Collections.max(votes.values());
        List<Preference> winners = votes.entrySet().stream()
                .filter(vote -> vote.getValue() == most)
                .map(Map.Entry::getKey)
                .toList();
        return winners.size() == 1 ? winners.get(0) : Preference.TIE;
    }

    private static Preference said(Row row, String field) {
        return switch (row.text(field).toLowerCase(Locale.ROOT)) {
            case "a" -> Preference.A;
            case "b" -> Preference.B;
            case "tie" -> Preference.TIE;
            default -> throw row.bad(field, "a, b or tie");
        };
    }

    private static Figures report(PrintStream out, int pairs, Map<String, List<JudgedPair>> byJudge) {
        Table table = new Table(
                "judge",
                "subset",
                "pairs",
                "accuracy",
                "flips",
                "kappa",
                "ties",
                "unread",
                "people",
                "judge says",
                "corrected",
                "95 % interval");
        Figures judges = new Figures();
        byJudge.forEach((name, all) -> {
            ReplayFigures overall = ReplayFigures.of(all);
            add(table, name, ALL, overall);
            Figures figures = overall.toFigures();
            Figures subsets = new Figures();
            Map<String, List<JudgedPair>> bySubset = new LinkedHashMap<>();
            all.forEach(pair -> bySubset.computeIfAbsent(pair.subset(), subset -> new ArrayList<>())
                    .add(pair));
            if (bySubset.size() > 1) {
                new TreeMap<>(bySubset).forEach((subset, part) -> {
                    ReplayFigures ofSubset = ReplayFigures.of(part);
                    add(table, name, subset, ofSubset);
                    subsets.put(subset, ofSubset.toFigures());
                });
            }
            judges.put(name, figures.put("by_subset", subsets));
        });
        table.print(out);
        out.println(
                "People, judge says, corrected: how often answer a wins outright, over the half of the pairs whose labels the"
                        + " correction does not see.");
        return new Figures().put("pairs", pairs).put("judges", judges);
    }

    private static void add(Table table, String judge, String subset, ReplayFigures figures) {
        Interval corrected = figures.corrected();
        table.row(
                judge,
                subset,
                String.valueOf(figures.pairs()),
                rate(figures.accuracy()),
                rate(figures.flipRate()),
                figures.kappa().map(kappa -> rate(kappa.estimate())).orElse("-"),
                String.valueOf(figures.ties()),
                String.valueOf(figures.unparsable()),
                rate(figures.humanRate()),
                rate(figures.judgeRate()),
                corrected == null ? "-" : rate(corrected.estimate()),
                corrected == null ? "-" : rate(corrected.low()) + " to " + rate(corrected.high()));
    }

    private static String rate(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
