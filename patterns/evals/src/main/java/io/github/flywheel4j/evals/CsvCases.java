package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.flywheel4j.evals.DatasetFile.MalformedCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * Cases as CSV (RFC 4180), as {@link Dataset} says. Written texts are all quoted, so that an empty text, quoted, and a missing
 * value, not quoted, stay apart.
 */
final class CsvCases {

    private static final List<String> COLUMNS = List.of(
            "id", "input", "messages", "variables", "expected", "context", "slices", "origin", "author", "cluster");
    private static final String SLICE_SEPARATOR = ";";

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setNullString("")
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .setRecordSeparator('\n')
            .setIgnoreEmptyLines(true)
            .get();

    private CsvCases() {}

    static void read(Path file, String text, DatasetFile into) throws IOException {
        try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
            List<String> header = null;
            long line = 0;
            var records = parser.iterator();
            while (true) {
                // Where the record begins: a text in quotes may go over several lines.
                line = parser.getCurrentLineNumber() + 1;
                if (!records.hasNext()) {
                    return;
                }
                CSVRecord record = records.next();
                if (header == null) {
                    header = header(file, record);
                    continue;
                }
                List<String> columns = header;
                into.add(line, () -> evalCase(columns, record));
            }
        } catch (UncheckedIOException e) {
            // The parser's message for a quote that is never closed names its line and quotes nothing.
            throw broken(file, e.getCause(), into);
        } catch (CSVException e) {
            throw broken(file, e, into);
        }
    }

    private static BadDataset broken(Path file, @Nullable IOException e, DatasetFile read) {
        return new BadDataset(file + ": CSV broken after " + read.total() + " cases, nothing was loaded: "
                + (e == null ? "" : e.getMessage()) + " (expected: quotes in pairs, RFC 4180)");
    }

    private static List<String> header(Path file, CSVRecord record) {
        List<String> header = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String cell : record) {
            String column = cell == null ? "" : cell.strip().toLowerCase(Locale.ROOT);
            if (!COLUMNS.contains(column) || !seen.add(column)) {
                throw new BadDataset(file + ": column '" + column + "' of the header "
                        + (COLUMNS.contains(column) ? "stands twice" : "is unknown") + " (expected: some of "
                        + String.join(", ", COLUMNS) + ")");
            }
            header.add(column);
        }
        return header;
    }

    private static EvalCase evalCase(List<String> header, CSVRecord record) throws MalformedCase {
        if (record.size() > header.size()) {
            throw new MalformedCase(
                    record.size() + " cells (expected: at most " + header.size() + ", as in the header)");
        }
        String slices = cell(header, record, "slices");
        return CaseJson.evalCase(
                cell(header, record, "id"),
                input(header, record),
                cell(header, record, "expected"),
                context(cell(header, record, "context")),
                slices == null
                        ? List.of()
                        : Arrays.stream(slices.split(SLICE_SEPARATOR, -1))
                                .map(String::strip)
                                .filter(each -> !each.isEmpty())
                                .toList(),
                cell(header, record, "origin"),
                cell(header, record, "author"),
                cell(header, record, "cluster"));
    }

    private static EvalInput input(List<String> header, CSVRecord record) throws MalformedCase {
        String text = cell(header, record, "input");
        String messages = cell(header, record, "messages");
        String variables = cell(header, record, "variables");
        if ((text == null ? 0 : 1) + (messages == null ? 0 : 1) + (variables == null ? 0 : 1) != 1) {
            throw new MalformedCase(
                    "no input or more than one (expected: one of the cells input, messages, variables)");
        }
        if (text != null) {
            return EvalInput.text(text);
        }
        JsonNode json = CaseJson.tree(messages != null ? messages : String.valueOf(variables));
        if (messages != null ? !json.isArray() : !json.isObject()) {
            throw new MalformedCase(
                    (messages != null ? "messages: no JSON array" : "variables: no JSON object") + " (expected: one)");
        }
        return CaseJson.input(json);
    }

    private static List<String> context(@Nullable String cell) throws MalformedCase {
        if (cell == null) {
            return List.of();
        }
        return cell.startsWith("[") ? CaseJson.texts("context", CaseJson.tree(cell)) : List.of(cell);
    }

    private static @Nullable String cell(List<String> header, CSVRecord record, String column) {
        int index = header.indexOf(column);
        return index < 0 || index >= record.size() ? null : record.get(index);
    }

    static void write(List<EvalCase> cases, StringBuilder out) throws IOException {
        try (CSVPrinter printer = new CSVPrinter(out, FORMAT)) {
            printer.printRecord(COLUMNS);
            for (EvalCase each : cases) {
                EvalInput input = each.input();
                printer.printRecord(
                        each.id(),
                        input instanceof EvalInput.Text text ? text.text() : null,
                        input instanceof EvalInput.Conversation ? CaseJson.input(input, false) : null,
                        input instanceof EvalInput.Variables ? CaseJson.input(input, false) : null,
                        each.expected(),
                        each.context().isEmpty() ? null : CaseJson.JSON.valueToTree(each.context()),
                        each.slices().isEmpty() ? null : slices(each),
                        each.origin().name().toLowerCase(Locale.ROOT),
                        each.author(),
                        each.cluster());
            }
        }
    }

    private static String slices(EvalCase evalCase) {
        for (String slice : evalCase.slices()) {
            if (slice.contains(SLICE_SEPARATOR) || !slice.equals(slice.strip())) {
                throw new IllegalArgumentException("case '" + evalCase.id() + "': slice '" + slice
                        + "' (expected in CSV: no semicolon and no space at the ends; or save as .jsonl)");
            }
        }
        return String.join(SLICE_SEPARATOR, evalCase.slices());
    }
}
