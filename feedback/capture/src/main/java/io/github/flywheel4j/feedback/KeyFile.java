package io.github.flywheel4j.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.KeyGenerator;

/** A key in a file of its own, as one line of base64. */
final class KeyFile {

    private static final String MAC = "HmacSHA256";

    private KeyFile() {}

    /** The key in the file, made if there is none. */
    static byte[] read(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            // Without the cause: its message quotes the text.
            throw new IllegalArgumentException(
                    "key file " + file + ": no base64 (expected: a file that UserIds.keyedBy made)");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or make the key file " + file, e);
        }
    }

    /** Appears under its name only when it is whole, and never in place of another: two processes may begin at once. */
    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new NoSuchFileException(file.toString());
        }
        Files.createDirectories(folder);
        Path whole = Files.createTempFile(folder, ".key", ".tmp", ownerOnly(folder));
        try {
            Files.write(whole, (Base64.getEncoder().encodeToString(random()) + "\n").getBytes(StandardCharsets.UTF_8));
            try {
                Files.createLink(file, whole);
            } catch (UnsupportedOperationException e) {
                Files.move(whole, file);
            }
        } catch (FileAlreadyExistsException e) {
            // Another one was first, and its key counts.
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static byte[] random() {
        try {
            KeyGenerator generator = KeyGenerator.getInstance(MAC);
            generator.init(Hashing.KEY_BYTES * Byte.SIZE);
            return generator.generateKey().getEncoded();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }
}
