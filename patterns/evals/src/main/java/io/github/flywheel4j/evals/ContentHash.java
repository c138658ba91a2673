package io.github.flywheel4j.evals;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over texts, each with its length before it, so that no text can pass for two others. */
final class ContentHash {

    /** As much as a stack's fingerprint keeps: enough that no two contents meet by chance. */
    private static final int BYTES = 16;

    private ContentHash() {}

    /** The first 16 bytes as 32 hexadecimal digits. */
    static String of(List<String> parts) {
        return HexFormat.of().formatHex(digest(parts), 0, BYTES);
    }

    /** {@link #of(List)} of these parts. */
    static String of(String... parts) {
        return of(List.of(parts));
    }

    static byte[] digest(List<String> parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                sha256.update(bytes);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
