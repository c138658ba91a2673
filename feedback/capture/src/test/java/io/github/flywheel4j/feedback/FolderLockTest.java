package io.github.flywheel4j.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

    private static final int GOT_IT = 0;
    private static final int IN_USE = 3;

    @TempDir
    Path folder;

    @Test
    void anotherProcessFindsTheFolderInUseUntilItIsFree() throws Exception {
        try (FolderLock lock = FolderLock.of(folder)) {
            assertThat(lock.isHeld()).isTrue();
            assertThat(askFromAnotherProcess()).isEqualTo(IN_USE);
        }
        assertThat(askFromAnotherProcess()).isEqualTo(GOT_IT);
    }

    @Test
    void whoAsksInVainInTheSameProcessDoesNotOpenTheFolderToOthers() throws Exception {
        Path sameFolder = Files.createSymbolicLink(folder.resolve("link"), folder);
        try (FolderLock lock = FolderLock.of(folder)) {
            assertThatThrownBy(() -> FolderLock.of(folder)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> FolderLock.of(sameFolder)).isInstanceOf(IllegalStateException.class);

            assertThat(lock.isHeld()).isTrue();
            assertThat(askFromAnotherProcess()).isEqualTo(IN_USE);
        }
        FolderLock.of(sameFolder).close();
    }

    private int askFromAnotherProcess() throws Exception {
        Process process = ChildJvm.start(FolderProbe.class, List.of(), folder.toString());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
