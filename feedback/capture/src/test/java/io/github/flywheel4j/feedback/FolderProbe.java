package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.nio.file.Path;

/** Another process that wants a folder: ends with 0 if it gets it, with 3 if somebody has it. */
final class FolderProbe {

    private FolderProbe() {}

    public static void main(String[] args) throws IOException {
        try (FolderLock lock = FolderLock.of(Path.of(args[0]))) {
            System.exit(lock.isHeld() ? 0 : 1);
        } catch (IllegalStateException e) {
            System.exit(3);
        }
    }
}
