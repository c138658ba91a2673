package io.github.flywheel4j.examples.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes Markdown apart into passages: one for each section, or several where a section is long. List items and table rows
 * become paragraphs of their own, a row with its column's name before each cell; emphasis and link targets go, code stays.
 */
final class Markdown {

    /** About 200 word pieces: what the embedding model was trained to read at once. */
    private static final int LONGEST_PASSAGE = 900;

    private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*");
    private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.*?)\\s*#*\\s*");
    private static final Pattern ITEM = Pattern.compile("\\s*(?:[-*+]|\\d+[.)])\\s+(.*)");
    private static final Pattern TABLE_RULE = Pattern.compile("\\s*\\|?[\\s:|-]*-[\\s:|-]*\\|?\\s*");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\([^)]*\\)");
    private static final Pattern EMPHASIS =
            Pattern.compile("(?<![\\w*])(\\*{1,3}|__)(?=\\S)(.+?)(?<=\\S)\\1(?![\\w*])");
    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");

    private final String file;
    private final List<Passage> passages = new ArrayList<>();
    private final List<String> headings = new ArrayList<>();
    private final List<String> blocks = new ArrayList<>();
    private final StringBuilder paragraph = new StringBuilder();

    private Markdown(String file) {
        this.file = file;
    }

    static List<Passage> passages(String file, String text) {
        return new Markdown(file).read(text);
    }

    private List<Passage> read(String text) {
        List<String> lines = COMMENT.matcher(text).replaceAll("").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher heading = HEADING.matcher(line);
            Matcher item = ITEM.matcher(line);
            if (FENCE.matcher(line).matches()) {
                i = readCode(lines, i);
            } else if (heading.matches()) {
                endSection();
                int level = heading.group(1).length();
                headings.subList(Math.min(level - 1, headings.size()), headings.size())
                        .clear();
                headings.add(plain(heading.group(2)));
            } else if (line.isBlank()) {
                endParagraph();
            } else if (i + 1 < lines.size()
                    && isRow(line)
                    && TABLE_RULE.matcher(lines.get(i + 1)).matches()) {
                i = readTable(lines, i);
            } else {
                if (item.matches()) {
                    endParagraph();
                }
                paragraph
                        .append(item.matches() ? item.group(1) : line.replaceFirst("^\\s*>\\s?", ""))
                        .append('\n');
            }
        }
        endSection();
        return passages;
    }

    private int readCode(List<String> lines, int start) {
        endParagraph();
        StringJoiner code = new StringJoiner("\n", "```\n", "\n```");
        int i = start + 1;
        while (i < lines.size() && !FENCE.matcher(lines.get(i)).matches()) {
            code.add(lines.get(i++));
        }
        blocks.add(code.toString());
        return i;
    }

    private int readTable(List<String> lines, int start) {
        endParagraph();
        List<String> names = cells(lines.get(start));
        int i = start + 2;
        for (; i < lines.size() && isRow(lines.get(i)); i++) {
            List<String> cells = cells(lines.get(i));
            StringJoiner row = new StringJoiner("; ", cells.get(0) + " — ", ".").setEmptyValue(cells.get(0));
            for (int column = 1; column < cells.size(); column++) {
                boolean named = column < names.size() && !names.get(column).isEmpty();
                row.add(named ? names.get(column) + ": " + cells.get(column) : cells.get(column));
            }
            addBlock(row.toString());
        }
        return i - 1;
    }

    private static boolean isRow(String line) {
        return line.strip().startsWith("|");
    }

    private static List<String> cells(String line) {
        String inner = line.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
        return Pattern.compile("(?<!\\\\)\\|")
                .splitAsStream(inner)
                .map(cell -> plain(cell.strip()))
                .toList();
    }

    private void endParagraph() {
        String text = paragraph.toString().strip();
        if (!text.isEmpty() && !isNavigation(text)) {
            addBlock(plain(text));
        }
        paragraph.setLength(0);
    }

    /** Cuts a block that is too long for a passage, between sentences where it can. */
    private void addBlock(String block) {
        String rest = block;
        while (rest.length() > LONGEST_PASSAGE) {
            int end =
                    Math.max(rest.lastIndexOf(". ", LONGEST_PASSAGE - 1), rest.lastIndexOf(".\n", LONGEST_PASSAGE - 1))
                            + 1;
            if (end == 0) {
                end = rest.lastIndexOf(' ', LONGEST_PASSAGE);
            }
            end = end <= 0 ? LONGEST_PASSAGE : end;
            blocks.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        blocks.add(rest);
    }

    private void endSection() {
        endParagraph();
        StringJoiner text = new StringJoiner("\n\n");
        for (String block : blocks) {
            if (text.length() > 0 && text.length() + block.length() > LONGEST_PASSAGE) {
                add(text.toString());
                text = new StringJoiner("\n\n");
            }
            text.add(block);
        }
        add(text.toString());
        blocks.clear();
    }

    private void add(String text) {
        Passage passage = new Passage(file, String.join(Passage.BELOW, headings), text);
        if (!passage.prose().isEmpty()) {
            passages.add(passage);
        }
    }

    /** Rows of links and badges say nothing. */
    private static boolean isNavigation(String text) {
        return LINK.matcher(text).replaceAll("").length() * 3 < text.length();
    }

    private static String plain(String markdown) {
        String text = LINK.matcher(markdown).replaceAll("$1");
        return EMPHASIS.matcher(text).replaceAll("$2");
    }
}
