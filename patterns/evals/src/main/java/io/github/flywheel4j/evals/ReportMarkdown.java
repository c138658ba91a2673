package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as Markdown, for the comment on a change: the verdict first, and what to look at. */
final class ReportMarkdown {

    private static final int MOST_CASES = 20;

    private final JsonNode content;
    private final StringBuilder text = new StringBuilder();

    ReportMarkdown(JsonNode content) {
        this.content = content;
        heading();
        metrics();
        worstSlices();
        failures();
        newlyFailing();
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void heading() {
        String verdict = content.get("verdict").asText("no verdict").replace("null", "no verdict");
        JsonNode gate = content.get("gate");
        String title = plain(content.get("title").asText());
        text.append("### ");
        if (gate.isNull()) {
            text.append(verdict).append(": ").append(title);
        } else {
            // What ships is told by the gate, which may pass where no metric is shown to be better.
            text.append("Gate ")
                    .append(gate.get("outcome").asText())
                    .append(": ")
                    .append(title);
            text.append(" (metrics: ").append(verdict).append(')');
        }
        text.append("\n\n").append(plain(content.get("summary").asText())).append('\n');
        if (!gate.isNull() && !gate.get("reasons").isEmpty()) {
            text.append("\nGate: **").append(gate.get("outcome").asText()).append("**\n");
            gate.get("reasons").forEach(this::item);
        }
        if (!content.get("warnings").isEmpty()) {
            text.append('\n');
            content.get("warnings").forEach(this::item);
        }
    }

    private void item(JsonNode line) {
        text.append("- ").append(plain(line.asText())).append('\n');
    }

    private void metrics() {
        row("metric", "candidate", "baseline", "difference", "verdict", "cases to decide");
        row("---", "---:", "---:", "---:", "---", "---:");
        for (JsonNode metric : content.get("metrics")) {
            row(
                    plain(metric.get("name").asText()) + (metric.get("gates").asBoolean() ? "" : " (advisory)"),
                    interval(metric.get("candidate")),
                    interval(metric.get("baseline")),
                    interval(metric.get("difference")),
                    metric.get("verdict").isNull() ? "" : metric.get("verdict").asText(),
                    metric.get("casesToDecide").isNull()
                            ? ""
                            : metric.get("casesToDecide").asText());
        }
        text.append("\nErrors: ")
                .append(content.at("/candidate/errors").asInt())
                .append(" of ")
                .append(content.at("/candidate/results").asInt())
                .append(" results; they count neither way.\n");
        costs("candidate");
        if (hasBaseline()) {
            costs("baseline");
        }
    }

    /** Judges and failed calls are paid for too. */
    private void costs(String run) {
        String answers = money(content.at("/" + run + "/costs"));
        String beside = money(content.at("/" + run + "/costsBeside"));
        if (!answers.isEmpty() || !beside.isEmpty()) {
            text.append("\nCost of the ")
                    .append(run)
                    .append(": answers ")
                    .append(answers.isEmpty() ? "unknown" : answers);
            if (content.at("/" + run + "/workBeside").asBoolean()) {
                text.append(", judges and failed calls ").append(beside.isEmpty() ? "unknown" : beside);
            }
            text.append(".\n");
        }
    }

    private static String money(JsonNode costs) {
        return costs.valueStream()
                .map(each -> each.get("amount").decimalValue().toPlainString() + " "
                        + plain(each.get("currency").asText()))
                .collect(Collectors.joining(" and "));
    }

    private void row(String... cells) {
        if (cells[0].equals("metric")) {
            text.append('\n');
        }
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void worstSlices() {
        for (JsonNode slice : content.get("slices")) {
            if (slice.get("worst").asBoolean()) {
                text.append("\nWorst slice of ")
                        .append(plain(slice.get("metric").asText()))
                        .append(": **")
                        .append(plain(slice.get("slice").asText()))
                        .append("**, ")
                        .append(interval(slice.get("candidate")))
                        .append(" over ")
                        .append(slice.get("cases").asInt())
                        .append(" cases.\n");
            }
        }
    }

    private void failures() {
        if (!content.get("failures").isEmpty()) {
            text.append("\nFailures: ")
                    .append(content.get("failures")
                            .valueStream()
                            .map(each -> plain(each.get("category").asText()) + " "
                                    + each.get("candidate").asLong())
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
    }

    private void newlyFailing() {
        List<String> ids = content.get("cases")
                .valueStream()
                .filter(each -> passed(each.get("baseline")) && failed(each.get("candidate")))
                .map(each -> "`"
                        + each.get("id").asText().replaceAll("[\\r\\n]+", " ").replace("`", "'") + "`")
                .distinct()
                .toList();
        if (!ids.isEmpty()) {
            text.append("\nNewly failing: ")
                    .append(String.join(", ", ids.subList(0, Math.min(MOST_CASES, ids.size()))))
                    .append(ids.size() > MOST_CASES ? " and " + (ids.size() - MOST_CASES) + " more.\n" : ".\n");
        }
    }

    private boolean hasBaseline() {
        return !content.get("baseline").isNull();
    }

    private static boolean failed(JsonNode answer) {
        return answer.isObject() && answer.get("failed").asBoolean();
    }

    private static boolean passed(JsonNode answer) {
        return answer.isObject()
                && answer.get("error").isNull()
                && answer.get("scorerErrors").isEmpty()
                && !answer.get("failed").asBoolean();
    }

    private static String interval(JsonNode interval) {
        if (interval.isNull()) {
            return "";
        }
        String estimate = number(interval.get("estimate"));
        return interval.get("low").isNull()
                ? estimate + " (no interval)"
                : estimate + " (" + number(interval.get("low")) + " to " + number(interval.get("high")) + ")";
    }

    private static String number(JsonNode number) {
        return String.format(Locale.ROOT, "%.3f", number.asDouble());
    }

    /** Names come from people and files: none may break the table or become markup. */
    private static String plain(String name) {
        return name.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\|`*_<>\\[\\]#])", "\\\\$1");
    }
}
