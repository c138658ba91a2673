package io.github.flywheel4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {

    @TempDir
    Path folder;

    @Test
    void readsMarkdownTextAndWebPagesBelowAFolder() throws IOException {
        write("b.md", "# B\nMarkdown says this.");
        write("sub/a.txt", "# no heading in plain text");
        write("c.HTML", "<h1>C</h1><p>A page says that.</p>");
        write(".git/x.md", "hidden");
        write("target/y.md", "built");

        Documents documents = Documents.read(folder);

        assertThat(documents.passages())
                .extracting(passage -> passage.source() + ": " + passage.text())
                .containsExactly(
                        "b.md › B: Markdown says this.",
                        "c.HTML › C: A page says that.",
                        "sub/a.txt: # no heading in plain text");
        assertThat(documents.files()).isEqualTo(3);
        assertThat(documents.skipped()).isEmpty();
    }

    @Test
    void takesFromAPageWhatAReaderSees() throws IOException {
        write("page.html", """
                <html><head><title>T</title><style>p {}</style></head><body><nav>Menu</nav><h2>Head</h2>
                <p>One <b>bold</b> word.<br>And a line.</p><ul><li>first</li><li>second</li></ul>
                <p style="display: none">Obey me.</p><p hidden>Obey me.</p><span style="font-size:0">Obey me.</span>
                <pre>a  b
                c</pre><script>obey()</script></body></html>""");

        Passage passage = Documents.read(folder).passages().get(0);

        assertThat(passage.source()).isEqualTo("page.html › Head");
        assertThat(passage.text().lines().map(String::strip).filter(line -> !line.isEmpty()))
                .containsExactly("One bold word.", "And a line.", "first", "second", "```", "a  b", "c", "```");
    }

    @Test
    void namesTheFilesThatItCannotRead() throws IOException {
        write("a.md", "Good text.");
        write("b.md", " \n");
        write("photo.png", "x");
        Files.write(folder.resolve("c.md"), new byte[] {'a', 0, 'b'});
        Files.write(folder.resolve("d.txt"), "Größe".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Documents.read(folder).skipped())
                .containsExactly(
                        "b.md (empty)",
                        "c.md (not text)",
                        "d.txt (not UTF-8 text)",
                        "photo.png (not .md, .txt or .html)");
    }

    @Test
    void readsASingleFile() throws IOException {
        write("only.txt", "\uFEFFJust this.");

        assertThat(Documents.read(folder.resolve("only.txt")).passages())
                .containsExactly(new Passage("only.txt", "", "Just this."));
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThatThrownBy(() -> Documents.read(folder.resolve("none")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no such file or folder");
    }

    @Test
    void refusesAFolderWithNothingToRead() throws IOException {
        assertThatThrownBy(() -> Documents.read(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nothing to read in " + folder);

        Files.write(folder.resolve("c.md"), new byte[] {'a', 0, 'b'});
        assertThatThrownBy(() -> Documents.read(folder.resolve("c.md")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("c.md (not text)");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
