package io.github.flywheel4j.evals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a file of cases holds: those that can be used, and what is wrong with the others. Filled by one thread. */
final class DatasetFile {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final byte[] MARK = String.valueOf(BYTE_ORDER_MARK).getBytes(StandardCharsets.UTF_8);

    private final List<EvalCase> cases = new ArrayList<>();
    private final List<BadDataset.Problem> problems = new ArrayList<>();
    private final Map<String, Long> lines = new HashMap<>();
    private long total;

    /** Reads one case; its message says what is wrong, without the text of the case. */
    interface CaseReader {
        EvalCase read() throws MalformedCase;
    }

    /** What was given is no case. */
    static final class MalformedCase extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedCase(String message) {
            super(message);
        }
    }

    private DatasetFile() {}

    static DatasetFile read(Path file) throws IOException {
        boolean csv = isCsv(file);
        byte[] bytes = Files.readAllBytes(file);
        DatasetFile read = new DatasetFile();
        if (csv) {
            CsvCases.read(file, table(file, bytes), read);
        } else {
            read.jsonLines(bytes);
        }
        return read;
    }

    private void jsonLines(byte[] bytes) {
        long line = 0;
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            line++;
            int from = start;
            int to = end;
            start = end + 1;
            if (!isBlank(bytes, from, to)) {
                add(line, () -> CaseJson.read(decoded(bytes, from, to - from)));
            }
        }
    }

    /** In a table of another encoding the quotes may be anywhere, so none of it is read. */
    private static String table(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            long line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new BadDataset(file + ", line " + line
                    + ": not UTF-8, nothing was loaded (expected: a table in UTF-8; save it as that)");
        }
        return withoutMark(out.flip().toString());
    }

    private static String decoded(byte[] bytes, int offset, int length) throws MalformedCase {
        try {
            return utf8(bytes, offset, length);
        } catch (CharacterCodingException e) {
            throw new MalformedCase("not UTF-8");
        }
    }

    /** Decodes strictly: a replacement character would change what a case says. */
    private static String utf8(byte[] bytes, int offset, int length) throws CharacterCodingException {
        return withoutMark(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, offset, length))
                .toString());
    }

    private static String withoutMark(String text) {
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        boolean isMarked =
                to - from >= MARK.length && Arrays.equals(bytes, from, from + MARK.length, MARK, 0, MARK.length);
        for (int i = isMarked ? from + MARK.length : from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Takes a case, or notes why there is none. */
    void add(long line, CaseReader reader) {
        total++;
        try {
            EvalCase evalCase = reader.read();
            Long first = lines.putIfAbsent(evalCase.id(), line);
            if (first == null) {
                cases.add(evalCase);
            } else {
                problems.add(new BadDataset.Problem(line, duplicate(evalCase.id(), "line " + first)));
            }
        } catch (MalformedCase e) {
            problems.add(new BadDataset.Problem(line, String.valueOf(e.getMessage())));
        }
    }

    static String duplicate(String id, String first) {
        return "id '" + id + "' has " + first + " already (expected: unique ids, results are paired by them)";
    }

    List<EvalCase> cases() {
        return cases;
    }

    List<BadDataset.Problem> problems() {
        return problems;
    }

    /** How many cases the file has, good and bad. */
    long total() {
        return total;
    }

    Dataset dataset(Path file) {
        String fileName = String.valueOf(file.getFileName());
        if (cases.isEmpty()) {
            throw new BadDataset(file + ": no case (expected: at least 1; a run over nothing would pass everything)");
        }
        return Dataset.of(fileName.substring(0, fileName.lastIndexOf('.')), cases);
    }

    static void write(Path file, List<EvalCase> cases) throws IOException {
        StringBuilder text = new StringBuilder();
        if (isCsv(file)) {
            CsvCases.write(cases, text);
        } else {
            cases.forEach(each -> text.append(CaseJson.write(each)).append('\n'));
        }
        // Beside it first: on a full disk the file keeps what it has, which people have written.
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(written, WholeText.of(text.toString()));
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            discard(written, e);
            throw e;
        }
    }

    private static void discard(Path written, IOException why) {
        try {
            boolean unused = Files.deleteIfExists(written);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static boolean isCsv(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".csv") && !name.endsWith(".jsonl")) {
            throw new IllegalArgumentException("file: " + file + " (expected: a name that ends in .jsonl or .csv)");
        }
        return name.endsWith(".csv");
    }
}
