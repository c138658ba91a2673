package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserIdsTest {

    @TempDir
    Path folder;

    @Test
    void makesAKeyOnceAndFindsPeopleAgainWithIt() throws IOException {
        Path file = folder.resolve("keys/users.key");

        String stored = UserIds.keyedBy(file).stored("ann");

        assertThat(stored).startsWith("u:");
        assertThat(UserIds.keyedBy(file).stored("ann")).isEqualTo(stored);
        assertThat(UserIds.keyedBy(folder.resolve("other.key")).stored("ann")).isNotEqualTo(stored);
        assertThat(Folders.names(folder.resolve("keys"))).containsExactly("users.key");
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void allWhoBeginAtOnceHaveTheSameKey() throws Exception {
        Path file = folder.resolve("users.key");
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> stored = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                stored.add(pool.submit(() -> UserIds.keyedBy(file).stored("ann")));
            }
            String first = stored.get(0).get();
            for (Future<String> each : stored) {
                assertThat(each.get()).isEqualTo(first);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void refusesAFileThatIsNoKeyWithoutQuotingIt() throws IOException {
        Path words = Files.writeString(folder.resolve("words"), "my secret!");
        Path little = Files.writeString(folder.resolve("short"), "c2hvcnQ=");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> UserIds.keyedBy(words))
                .withMessageContaining("no base64")
                .withNoCause();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UserIds.keyedBy(little))
                .withMessageContaining("key: 5 bytes");
        assertThatThrownBy(() -> UserIds.keyedBy(words.resolve("below a file")))
                .isInstanceOf(UncheckedIOException.class);
    }
}
