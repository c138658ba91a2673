package io.github.flywheel4j.examples.quickstart;

import io.github.flywheel4j.Decision;
import io.github.flywheel4j.Interaction;
import io.github.flywheel4j.caching.CacheStats;
import io.github.flywheel4j.feedback.Coverage;
import io.github.flywheel4j.feedback.RateEstimate;
import io.github.flywheel4j.stats.Interval;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes answers for people: word by word as they come, then where they come from and how they came about. */
final class Display {

    private static final int LABEL = 13;
    private static final Pattern SPACE = Pattern.compile(" ");

    private final PrintStream out;
    private final boolean colours;
    private final int columns;
    private final StringBuilder word = new StringBuilder();
    private final Map<String, List<String>> sourcesOf = new HashMap<>();
    private int column;
    private int spaces;

    Display(Terminal terminal) {
        this.out = terminal.out();
        this.colours = terminal.colours();
        this.columns = terminal.reads() ? terminal.columns() : Integer.MAX_VALUE;
    }

    void title(String text) {
        StringBuilder line = new StringBuilder();
        for (String each : SPACE.splitAsStream(text).toList()) {
            if (!line.isEmpty() && line.length() + 1 + each.length() > columns) {
                out.println(dim(line.toString()));
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(each);
        }
        out.println(dim(line.toString()));
    }

    void heading(String text) {
        out.println();
        out.println(bold(text));
    }

    void question(String question) {
        prompt();
        out.println(bold(question));
    }

    void prompt() {
        out.println();
        out.print(bold("> "));
        out.flush();
    }

    /** A part of the answer. A word is written when its end is known, so that lines break between words. */
    void text(String text) {
        text.chars().forEach(c -> character((char) c));
        out.flush();
    }

    void endOfText() {
        endWord();
        if (column > 0) {
            newLine();
        }
        out.flush();
    }

    private void character(char c) {
        if (c == '\n') {
            endWord();
            newLine();
        } else if (Character.isWhitespace(c)) {
            endWord();
            spaces++;
        } else {
            word.append(c);
        }
    }

    private void endWord() {
        if (word.isEmpty()) {
            return;
        }
        if (column > 0 && column + spaces + word.length() > columns) {
            newLine();
        }
        out.print(" ".repeat(spaces));
        out.print(word);
        column += spaces + word.length();
        spaces = 0;
        word.setLength(0);
    }

    private void newLine() {
        out.println();
        column = 0;
        spaces = 0;
    }

    /** What is known about the answer. */
    void details(String answer, Interaction interaction, String place, Path folder) {
        boolean isLayer = interaction.decisions().stream()
                .anyMatch(decision -> decision.layer().equals(interaction.servedBy()));
        CacheHit hit = CacheHit.of(interaction).orElse(null);
        out.println();
        sources(answer, interaction, hit).forEach(source -> detail("source", source));
        if (hit == null) {
            detail(
                    "answered by",
                    interaction.servedBy() + (isLayer ? " (the model was not asked)" : " (" + place + ")"));
        } else {
            detail("answered by", interaction.servedBy() + " (" + hit.describe() + ")");
        }
        for (Decision decision : interaction.decisions()) {
            detail("layer", describe(decision));
        }
        detail("time", time(interaction));
        String unasked = "0, the model was not asked";
        detail("cost", hit != null ? unasked + hit.saved() : isLayer ? unasked : cost(interaction));
        detail("interaction", interaction.id().toString());
        detail("", "in " + shortest(folder));
        out.flush();
    }

    /** Of how many interactions it is known what somebody thought of them, in this folder, over all runs. */
    void coverage(int questions, Coverage known, RateEstimate liked) {
        out.println();
        detail("this run", questions == 1 ? "1 question" : questions + " questions");
        detail(
                "all runs",
                known.interactions() + " interactions, " + known.rated() + " rated ("
                        + Math.round(known.ratedShare() * 100) + " %), " + known.corrected() + " corrected");
        Interval rate = liked.observed();
        if (rate != null) {
            String unrated = liked.denominator() < liked.interactions() ? "; the unrated may differ" : "";
            detail(
                    "liked",
                    "%d of %d rated (95 %% interval: %d to %d %%)%s"
                            .formatted(
                                    liked.numerator(),
                                    liked.denominator(),
                                    Math.round(rate.low() * 100),
                                    Math.round(rate.high() * 100),
                                    unrated));
        }
        out.flush();
    }

    /** What the cache served and refused in this run. */
    void cache(CacheStats stats) {
        out.println();
        detail(
                "cache",
                "served %d of %d: %d to the same question, %d to one in other words; vetoes: %s"
                        .formatted(
                                stats.served(),
                                stats.served() + stats.misses(),
                                stats.exactHits(),
                                stats.semanticHits(),
                                stats.vetoes().isEmpty() ? "none" : new TreeMap<>(stats.vetoes())));
        out.flush();
    }

    private static Path shortest(Path file) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }

    private void detail(String label, String text) {
        out.print(dim(("%-" + LABEL + "s").formatted(label)));
        int used = LABEL;
        for (String each : SPACE.splitAsStream(text).toList()) {
            if (used > LABEL && used + 1 + each.length() > columns) {
                out.println();
                out.print(" ".repeat(LABEL));
                used = LABEL;
            }
            out.print(used == LABEL ? each : " " + each);
            used += used == LABEL ? each.length() : each.length() + 1;
        }
        out.println();
    }

    /** The passages that the answer names by their numbers; those of a cached one are known from when it was made. */
    private List<String> sources(String answer, Interaction interaction, @Nullable CacheHit hit) {
        if (hit != null) {
            return sourcesOf.getOrDefault(hit.origin(), List.of());
        }
        List<String> sources = new ArrayList<>();
        for (Decision decision : interaction.decisions()) {
            if (decision.facts().get(Retrieval.SOURCES) instanceof List<?> passages) {
                for (int i = 1; i <= passages.size(); i++) {
                    if (answer.contains("[" + i + "]")) {
                        sources.add("[" + i + "] " + passages.get(i - 1));
                    }
                }
            }
        }
        sourcesOf.put(interaction.id().toString(), sources);
        return sources;
    }

    private static String describe(Decision decision) {
        StringJoiner facts = new StringJoiner(", ", ": ", "").setEmptyValue("");
        decision.facts().forEach((name, value) -> {
            if (name.startsWith("saved") || name.equals("currency")) {
                return; // told with the cost
            }
            if (value instanceof List<?> list) {
                facts.add(list.size() + " " + name);
            } else {
                facts.add(name + " " + (value instanceof Double number ? Math.round(number * 100) / 100.0 : value));
            }
        });
        return decision.layer() + " " + decision.outcome() + facts + ", " + milliseconds(decision.took());
    }

    private static String time(Interaction interaction) {
        Duration first = interaction.timeToFirstToken();
        return milliseconds(interaction.latency()) + (first == null ? "" : ", first word after " + milliseconds(first));
    }

    private static String cost(Interaction interaction) {
        String tokens = interaction.usage() == null || interaction.usage().totalTokenCount() == null
                ? ""
                : " (" + interaction.usage().inputTokenCount() + " tokens in, "
                        + interaction.usage().outputTokenCount() + " out)";
        return interaction.cost() == null ? "unknown: no price for this model" + tokens : interaction.cost() + tokens;
    }

    private static String milliseconds(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(10)) < 0
                ? duration.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private String bold(String text) {
        return colours ? "\u001B[1m" + text + "\u001B[0m" : text;
    }

    private String dim(String text) {
        return colours ? "\u001B[2m" + text + "\u001B[0m" : text;
    }
}
