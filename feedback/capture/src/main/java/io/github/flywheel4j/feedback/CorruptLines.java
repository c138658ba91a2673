package io.github.flywheel4j.feedback;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that are no events, set aside in a side file for each file, {@code corrupt-00000001.jsonl}: the number of the line,
 * why it cannot be read, and what it says, or how it begins if it is too long. A line is set aside once, however often it is met. Thread-safe.
 */
final class CorruptLines {

    private static final Logger LOG = LoggerFactory.getLogger(CorruptLines.class);
    private static final String SIDE_FILES = "corrupt-*.jsonl";
    private static final Pattern SIDE_FILE = Pattern.compile("corrupt-(\\d{8,18})\\.jsonl");
    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path folder;
    private final int longestLine;
    private final Set<String> known = new HashSet<>();

    /** The files whose side file may end within a line: a crash tore it, or it could not be written. */
    private final Set<Long> torn = new HashSet<>();

    private boolean loaded;
    private boolean warned;

    CorruptLines(Path folder) {
        this(folder, JsonLinesSink.Builder.LONGEST_EVENT);
    }

    /** With another limit, for tests: the usual one is longer than what a test should write. */
    CorruptLines(Path folder, int longestLine) {
        this.folder = folder;
        this.longestLine = longestLine;
    }

    /** A line of more bytes is no event, whatever it says. */
    int longestLine() {
        return longestLine;
    }

    static Path sideFile(Path folder, long file) {
        return folder.resolve(String.format(Locale.ROOT, "corrupt-%08d.jsonl", file));
    }

    void setAside(long file, long line, String reason, byte[] bytes, int start, int length) {
        synchronized (known) {
            load();
            if (!known.add(file + ":" + line)) {
                return;
            }
            if (!warned) {
                warned = true;
                LOG.warn(
                        "line {} of file {} in {} is no event: it is set aside in {}, the rest is read; further ones are"
                                + " counted and not logged",
                        line,
                        file,
                        folder,
                        sideFile(folder, file).getFileName());
            }
            try {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                if (torn.contains(file)) {
                    out.write('\n');
                }
                try (JsonGenerator json = JSON.createGenerator(out)) {
                    json.writeStartObject();
                    json.writeNumberField("line", line);
                    json.writeStringField("reason", reason);
                    json.writeStringField("text", new String(bytes, start, length, StandardCharsets.UTF_8));
                    json.writeEndObject();
                }
                out.write('\n');
                Files.write(
                        sideFile(folder, file),
                        out.toByteArray(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                torn.remove(file);
            } catch (IOException e) {
                // It is counted, and still in its file. Half of it may be in the side file.
                torn.add(file);
                LOG.warn("cannot set aside a corrupt line in {}", folder, e);
            }
        }
    }

    /** How many lines are known to be corrupt. */
    long count() {
        synchronized (known) {
            load();
            return known.size();
        }
    }

    /** Forgets the lines of a file that was rewritten without them or deleted; how many were set aside. */
    int forget(long file) throws IOException {
        synchronized (known) {
            load();
            Files.deleteIfExists(sideFile(folder, file));
            torn.remove(file);
            int before = known.size();
            known.removeIf(each -> each.startsWith(file + ":"));
            return before - known.size();
        }
    }

    /** Forgets all lines, also those of files that are not there any more; how many were set aside. */
    int forgetAll() throws IOException {
        synchronized (known) {
            load();
            try (DirectoryStream<Path> sideFiles = Files.newDirectoryStream(folder, SIDE_FILES)) {
                for (Path sideFile : sideFiles) {
                    Files.delete(sideFile);
                }
            }
            torn.clear();
            int before = known.size();
            known.clear();
            return before;
        }
    }

    private void load() {
        if (loaded) {
            return;
        }
        loaded = true;
        try (DirectoryStream<Path> sideFiles = Files.newDirectoryStream(folder, SIDE_FILES)) {
            for (Path sideFile : sideFiles) {
                Matcher name = SIDE_FILE.matcher(sideFile.getFileName().toString());
                if (name.matches()) {
                    load(Long.parseLong(name.group(1)), sideFile);
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot read all of the lines that were set aside in {}", folder, e);
        }
    }

    private void load(long file, Path sideFile) throws IOException {
        try (Lines lines = Lines.of(sideFile, longestLine)) {
            while (lines.next()) {
                if (!lines.terminated()) {
                    torn.add(file);
                }
                try {
                    long line = lineNumber(lines);
                    if (line > 0) {
                        known.add(file + ":" + line);
                    }
                } catch (IOException e) {
                    // Torn by a crash, or no text at all: that line will be met and set aside again.
                }
            }
        }
    }

    /** The line that is set aside in this one; 0 if it says none. */
    private static long lineNumber(Lines lines) throws IOException {
        if (!lines.tooLong()) {
            JsonNode number = MAPPER.readTree(lines.bytes(), lines.start(), lines.length())
                    .path("line");
            return number.isIntegralNumber() ? number.asLong() : 0;
        }
        // With its escapes a text may be longer here than it was there. The number comes first.
        try (JsonParser json = JSON.createParser(lines.bytes(), lines.start(), lines.length())) {
            boolean hasNumber = lines.terminated()
                    && json.nextToken() == JsonToken.START_OBJECT
                    && "line".equals(json.nextFieldName())
                    && json.nextToken() == JsonToken.VALUE_NUMBER_INT;
            return hasNumber ? json.getLongValue() : 0;
        }
    }
}
