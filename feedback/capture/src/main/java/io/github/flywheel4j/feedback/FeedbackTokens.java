package io.github.flywheel4j.feedback;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Issues and verifies the tokens with which a browser gives feedback: who holds one may give the named kinds of feedback on
 * one interaction, until it expires, and nothing else. The server keeps no state for it.
 *
 * <p>A token is the base64url of {@code version, key, expiry, interaction, kinds, user} and of an HMAC-SHA256 over these
 * bytes. It is signed, not encrypted: give it a pseudonym if the browser must not see the person's id. Signatures are
 * compared in constant time.
 *
 * <p>Keys rotate: build it with the new key first and the older ones behind; tokens of both are accepted, new ones are
 * signed with the first. Take an old key out when its last token has expired.
 *
 * <p>Thread-safe. Stateful: it counts refusals.
 */
public final class FeedbackTokens {

    private static final byte VERSION = 1;
    private static final int SIGNATURE_BYTES = 32;
    private static final int LONGEST = 4_096;

    /** With the longest name of a key, what a token of the greatest length has room for. */
    private static final int LONGEST_USER = 2_900;

    private static final Duration LONGEST_VALIDITY = Duration.ofDays(1_000_000);
    private static final Duration ALMOST_A_SECOND = Duration.ofNanos(999_999_999);

    private final Map<String, Hashing.Keyed> keys;
    private final String signingKey;
    private final Clock clock;
    private final Map<TokenRefused.Reason, LongAdder> refused = new EnumMap<>(TokenRefused.Reason.class);

    private FeedbackTokens(Builder builder) {
        this.keys = new LinkedHashMap<>(builder.keys);
        this.signingKey = this.keys.keySet().iterator().next();
        this.clock = builder.clock;
        for (TokenRefused.Reason reason : TokenRefused.Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /**
     * Tokens signed with one key.
     *
     * @param name the key's name, which tokens carry
     * @param key at least 32 random bytes
     */
    public static FeedbackTokens signedWith(String name, byte[] key) {
        return builder().key(name, key).build();
    }

    /** A builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Issues a token.
     *
     * @param interactionId the interaction that feedback may be given on
     * @param user the person; null if anybody who holds the token may
     * @param allowed the kinds of feedback that may be given; at least one, and neither interactions nor erasures
     * @param validity for how long; rounded up to whole seconds
     * @throws IllegalArgumentException if nothing may be given, the user's id is too long for a token, or the validity is not
     *     above zero and below a million days
     */
    public String issue(UUID interactionId, @Nullable String user, Set<FeedbackKind> allowed, Duration validity) {
        if (allowed.isEmpty() || allowed.contains(FeedbackKind.INTERACTION) || allowed.contains(FeedbackKind.ERASURE)) {
            throw new IllegalArgumentException(
                    "allowed: " + allowed + " (expected: at least one kind, and neither INTERACTION nor ERASURE)");
        }
        if (validity.isZero() || validity.isNegative() || validity.compareTo(LONGEST_VALIDITY) > 0) {
            throw new IllegalArgumentException(
                    "validity: " + validity + " (expected: > 0, at most " + LONGEST_VALIDITY + ")");
        }
        byte[] key = signingKey.getBytes(StandardCharsets.UTF_8);
        byte[] who = user == null ? new byte[0] : user.getBytes(StandardCharsets.UTF_8);
        if (who.length > LONGEST_USER) {
            throw new IllegalArgumentException("user: " + who.length + " characters in UTF-8 (expected: at most "
                    + LONGEST_USER + "; a token has to fit into a page)");
        }
        ByteBuffer body = ByteBuffer.allocate(1 + 1 + key.length + 8 + 16 + 4 + 1 + who.length)
                .put(VERSION)
                .put((byte) key.length)
                .put(key)
                .putLong(clock.instant().plus(validity).plus(ALMOST_A_SECOND).getEpochSecond())
                .putLong(interactionId.getMostSignificantBits())
                .putLong(interactionId.getLeastSignificantBits())
                .putInt(bits(allowed))
                .put((byte) (user == null ? 0 : 1))
                .put(who);
        byte[] signed = Arrays.copyOf(body.array(), body.capacity() + SIGNATURE_BYTES);
        byte[] signature = signingKey().of(body.array());
        System.arraycopy(signature, 0, signed, body.capacity(), SIGNATURE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    }

    /**
     * Verifies a token for an interaction and a kind of feedback.
     *
     * @throws TokenRefused if it is forged, expired, or was made for another interaction or kind
     */
    public FeedbackToken verify(String token, UUID interactionId, FeedbackKind kind) {
        FeedbackToken verified = verify(token, interactionId);
        requireAllowed(verified, kind);
        return verified;
    }

    /** How many tokens were refused for a reason. */
    public long refused(TokenRefused.Reason reason) {
        return counter(reason).sum();
    }

    /** How many tokens were refused. */
    public long refused() {
        return refused.values().stream().mapToLong(LongAdder::sum).sum();
    }

    FeedbackToken verify(String token, UUID interactionId) {
        FeedbackToken verified = signed(token);
        if (!clock.instant().isBefore(verified.expires())) {
            throw refuse(TokenRefused.Reason.EXPIRED, "a token that is still valid");
        }
        if (!verified.interactionId().equals(interactionId)) {
            throw refuse(TokenRefused.Reason.OTHER_INTERACTION, "a token made for this interaction");
        }
        return verified;
    }

    void requireAllowed(FeedbackToken token, FeedbackKind kind) {
        if (!token.allowed().contains(kind)) {
            throw refuse(TokenRefused.Reason.OTHER_KIND, "a token that allows " + kind);
        }
    }

    private FeedbackToken signed(String token) {
        byte[] bytes = decoded(token);
        ByteBuffer body = ByteBuffer.wrap(bytes, 0, bytes.length - SIGNATURE_BYTES);
        if (body.get() != VERSION) {
            throw malformed();
        }
        byte[] name = new byte[Byte.toUnsignedInt(body.get())];
        if (body.remaining() < name.length + 8 + 16 + 4 + 1) {
            throw malformed();
        }
        body.get(name);
        Hashing.Keyed key = keys.get(new String(name, StandardCharsets.UTF_8));
        if (key == null) {
            throw refuse(TokenRefused.Reason.UNKNOWN_KEY, "a token of a key in use");
        }
        byte[] signature = Arrays.copyOfRange(bytes, bytes.length - SIGNATURE_BYTES, bytes.length);
        if (!MessageDigest.isEqual(key.of(Arrays.copyOf(bytes, bytes.length - SIGNATURE_BYTES)), signature)) {
            throw refuse(TokenRefused.Reason.FORGED, "a token as it was issued");
        }
        Instant expires = Instant.ofEpochSecond(body.getLong());
        UUID interaction = new UUID(body.getLong(), body.getLong());
        Set<FeedbackKind> allowed = kinds(body.getInt());
        boolean hasUser = body.get() == 1;
        byte[] user = new byte[body.remaining()];
        body.get(user);
        return new FeedbackToken(
                interaction, hasUser ? new String(user, StandardCharsets.UTF_8) : null, allowed, expires);
    }

    private byte[] decoded(String token) {
        if (token.length() > LONGEST) {
            throw malformed();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            // Of the last character not every bit counts; only one spelling of a token is one.
            if (bytes.length <= SIGNATURE_BYTES + 2
                    || !Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(bytes)
                            .equals(token)) {
                throw malformed();
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private Hashing.Keyed signingKey() {
        return Objects.requireNonNull(keys.get(signingKey));
    }

    private TokenRefused malformed() {
        return refuse(TokenRefused.Reason.MALFORMED, "a token as it was issued");
    }

    private TokenRefused refuse(TokenRefused.Reason reason, String expected) {
        counter(reason).increment();
        return new TokenRefused(reason, expected);
    }

    private LongAdder counter(TokenRefused.Reason reason) {
        return Objects.requireNonNull(refused.get(reason));
    }

    private static int bits(Set<FeedbackKind> kinds) {
        int bits = 0;
        for (FeedbackKind kind : kinds) {
            bits |= kind.tokenBit();
        }
        return bits;
    }

    private static Set<FeedbackKind> kinds(int bits) {
        Set<FeedbackKind> kinds = EnumSet.noneOf(FeedbackKind.class);
        for (FeedbackKind kind : FeedbackKind.values()) {
            if ((bits & kind.tokenBit()) != 0) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** Builds issuers. Not thread-safe. */
    public static final class Builder {

        private static final int LONGEST_NAME = 100;

        private final Map<String, Hashing.Keyed> keys = new LinkedHashMap<>();
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Adds a key. The first one signs, all of them verify.
         *
         * @param name its name, which tokens carry; at most 100 bytes
         * @param key at least 32 random bytes
         */
        public Builder key(String name, byte[] key) {
            if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                throw new IllegalArgumentException("name: " + name.length() + " characters (expected: 1 to 100 bytes)");
            }
            if (keys.putIfAbsent(name, new Hashing.Keyed(key)) != null) {
                throw new IllegalArgumentException("key " + name + ": given twice (expected: one key of a name)");
            }
            return this;
        }

        /** The clock that tells what has expired; the system's unless told. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the issuer.
         *
         * @throws IllegalStateException if there is no key
         */
        public FeedbackTokens build() {
            if (keys.isEmpty()) {
                throw new IllegalStateException("no key (expected: at least one, given with key(...))");
            }
            return new FeedbackTokens(this);
        }
    }
}
