package io.github.flywheel4j;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Which configuration produced an answer: a hash over the models and their parameters, the prompt version and the name
 * and settings of each layer, in order. Two stacks with the same fingerprint are meant to answer alike; a changed one
 * starts a new series in every measurement.
 *
 * @param value the first 16 bytes of a SHA-256, as 32 hexadecimal digits
 */
public record StackFingerprint(String value) {

    private static final int BYTES = 16;

    static StackFingerprint of(List<String> lines) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String line : lines) {
                byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
                // The length before each line, so that no line can pass for two others.
                sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                sha256.update(bytes);
            }
            return new StackFingerprint(HexFormat.of().formatHex(sha256.digest(), 0, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
