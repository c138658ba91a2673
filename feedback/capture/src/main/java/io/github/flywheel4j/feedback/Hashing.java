package io.github.flywheel4j.feedback;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, with and without a key. */
final class Hashing {

    /** As long as the hash: a shorter key is the weakest link (RFC 2104, section 3). */
    static final int KEY_BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private Hashing() {}

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A hash with a key; thread-safe. */
    static final class Keyed {

        private final Mac prepared;

        Keyed(byte[] key) {
            if (key.length < KEY_BYTES) {
                throw new IllegalArgumentException("key: " + key.length + " bytes (expected: at least " + KEY_BYTES
                        + " random bytes from a secret store)");
            }
            try {
                prepared = Mac.getInstance(HMAC);
                prepared.init(new SecretKeySpec(key, HMAC));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has " + HMAC, e);
            }
        }

        byte[] of(byte[] bytes) {
            try {
                // A prepared Mac is copied, because preparing it costs two rounds of the hash and using it is not
                // thread-safe.
                return ((Mac) prepared.clone()).doFinal(bytes);
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the Java platform's " + HMAC + " can be copied", e);
            }
        }

        /** As 43 characters of base64url. */
        String of(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(of(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
