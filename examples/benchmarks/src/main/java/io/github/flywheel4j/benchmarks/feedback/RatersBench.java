package io.github.flywheel4j.benchmarks.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.feedback.Consensus;
import io.github.flywheel4j.feedback.Correctness;
import io.github.flywheel4j.feedback.EventInfo;
import io.github.flywheel4j.feedback.RaterAgreement;
import io.github.flywheel4j.feedback.RaterAgreement.Grade;
import io.github.flywheel4j.stats.Interval;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How far people agree who rated the same answers, and how many answers get a verdict of them.
 *
 * <p>The rule: Excellent and Acceptable say that an answer is correct, "Could be Improved" that it is partly so, Bad that it is
 * incorrect; an answer has a verdict when at least two people rated it and all say the same. The file does not name its raters,
 * so the first rating of each answer counts as the first rater's, and so on.
 */
@Command(
        name = "raters",
        description = "How far people agree who rated the same answers, and how many answers get a verdict of them.",
        sortOptions = false)
public final class RatersBench implements Bench {

    private static final double LEVEL = 0.95;
    private static final Consensus RULE = Consensus.unanimous(2);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The words of the scale from the worst to the best, with what each says of correctness. */
    private static final List<Map.Entry<String, Correctness.Verdict>> SCALE = List.of(
            Map.entry("Bad", Correctness.Verdict.INCORRECT),
            Map.entry("Could be Improved", Correctness.Verdict.PARTLY),
            Map.entry("Acceptable", Correctness.Verdict.CORRECT),
            Map.entry("Excellent", Correctness.Verdict.CORRECT));

    @Option(
            names = "--file",
            paramLabel = "F",
            required = true,
            description =
                    "JSON Lines with the ratings of an answer on each: Excellent, Acceptable, Could be Improved, Bad")
    private @Nullable Path file;

    /** Creates it with the options' defaults. */
    public RatersBench() {}

    @Override
    public Figures run(PrintStream out) {
        List<List<Integer>> answers = read();
        List<List<Grade>> grades = new ArrayList<>();
        Map<Correctness.Verdict, Integer> verdicts = new TreeMap<>();
        int undecided = 0;
        int most = 0;
        long ratings = 0;
        for (List<Integer> answer : answers) {
            List<Grade> ofOne = new ArrayList<>();
            for (int rater = 0; rater < answer.size(); rater++) {
                ofOne.add(new Grade("rater-" + (rater + 1), answer.get(rater)));
            }
            grades.add(ofOne);
            most = Math.max(most, answer.size());
            ratings += answer.size();
            Optional<Correctness.Verdict> verdict = RULE.verdict(voices(answer));
            verdict.ifPresent(each -> verdicts.merge(each, 1, Integer::sum));
            undecided += verdict.isEmpty() ? 1 : 0;
        }
        RaterAgreement agreement = RaterAgreement.of(grades, LEVEL, new SplittableRandom(1));
        return report(out, agreement, answers.size(), most, ratings, verdicts, undecided);
    }

    private static Figures report(
            PrintStream out,
            RaterAgreement agreement,
            int answers,
            int raters,
            long ratings,
            Map<Correctness.Verdict, Integer> verdicts,
            int undecided) {
        int decided = verdicts.values().stream().mapToInt(Integer::intValue).sum();
        out.println("Rule: " + RULE + "; Excellent and Acceptable are CORRECT, Could be Improved is PARTLY, Bad is"
                + " INCORRECT.");
        out.println();
        Table table = new Table("", "figure", "95 % interval");
        table.row("answers", String.valueOf(answers), "");
        table.row("ratings", String.valueOf(ratings), "");
        figure("Krippendorff's alpha, ordinal", agreement.alpha(), table);
        figure("Cohen's kappa, quadratic weights", agreement.weightedKappa(), table);
        verdicts.forEach((verdict, count) -> table.row("verdict " + verdict, String.valueOf(count), ""));
        table.row("undecided", String.valueOf(undecided), "");
        table.print(out);

        Figures figures = new Figures().put("answers", answers).put("raters", raters);
        putIfDefined(figures, "alpha", agreement.alpha());
        putIfDefined(figures, "kappa_weighted", agreement.weightedKappa());
        figures.put("verdicts", decided).put("undecided", undecided).put("ratings", ratings);
        for (Correctness.Verdict verdict : Correctness.Verdict.values()) {
            figures.put("verdicts_" + verdict.name().toLowerCase(Locale.ROOT), verdicts.getOrDefault(verdict, 0));
        }
        return figures.put("rule", RULE.toString());
    }

    private static void figure(String label, @Nullable Interval interval, Table table) {
        table.row(
                label,
                interval == null ? "not defined" : String.format(Locale.ROOT, "%.3f", interval.estimate()),
                interval == null ? "" : String.format(Locale.ROOT, "%.3f to %.3f", interval.low(), interval.high()));
    }

    /** JSON has no number for what is not defined: where all say the same, chance would too. Then the key says so. */
    private static void putIfDefined(Figures figures, String key, @Nullable Interval interval) {
        if (interval == null) {
            figures.put(key, "not defined");
        } else {
            figures.put(key, interval.estimate());
        }
    }

    private static List<Correctness> voices(List<Integer> answer) {
        List<Correctness> voices = new ArrayList<>();
        for (int rater = 0; rater < answer.size(); rater++) {
            UUID id = new UUID(0, rater);
            EventInfo info = new EventInfo(id, Instant.EPOCH, "raters", new UUID(0, 0), null, "rater-" + (rater + 1));
            voices.add(new Correctness(
                    info, SCALE.get(answer.get(rater)).getValue(), Correctness.Judge.EXPERT, null, null));
        }
        return voices;
    }

    private List<List<Integer>> read() {
        Path path = file == null ? Path.of("") : file;
        List<List<Integer>> answers = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    answers.add(grades(path + ":" + number, line));
                }
            }
        } catch (NoSuchFileException e) {
            throw new BadInput(path + ": no such file (expected: a file of JSON Lines)", e);
        } catch (IOException e) {
            throw new BadInput(path + ": not readable as a text in UTF-8 (" + e + ")", e);
        }
        if (answers.isEmpty()) {
            throw new BadInput(path + ": empty (expected: a line for each answer)");
        }
        return answers;
    }

    private static List<Integer> grades(String where, String line) {
        JsonNode ratings;
        try {
            ratings = JSON.readTree(line).path("ratings");
        } catch (JsonProcessingException e) {
            throw new BadInput(where + ": no JSON (expected: an object with an array \"ratings\")", e);
        }
        if (!ratings.isArray() || ratings.isEmpty()) {
            throw new BadInput(where + ": no ratings (expected: an array \"ratings\" with at least one)");
        }
        List<Integer> grades = new ArrayList<>();
        for (JsonNode rating : ratings) {
            int grade = 0;
            while (grade < SCALE.size()
                    && !SCALE.get(grade)
                            .getKey()
                            .equalsIgnoreCase(rating.asText().strip())) {
                grade++;
            }
            if (grade == SCALE.size()) {
                throw new BadInput(where
                        + ": a rating off the scale (expected: Excellent, Acceptable, Could be Improved" + " or Bad)");
            }
            grades.add(grade);
        }
        return grades;
    }
}
