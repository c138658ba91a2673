package io.github.flywheel4j.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * In which form people are stored. Immutable and thread-safe.
 *
 * <p>With {@link #keyed}, the same person has the same pseudonym in all events, and only who has the key can tell which.
 * Keep the key outside of the store: with both, ids that can be guessed can be found by trying.
 */
public final class UserIds {

    private static final UserIds NONE = new UserIds(List.of());
    private static final UserIds PLAIN = new UserIds(List.of(UnaryOperator.identity()));

    /** How ids are stored now, and before that how they were stored earlier. */
    private final List<UnaryOperator<String>> forms;

    private UserIds(List<UnaryOperator<String>> forms) {
        this.forms = forms;
    }

    /**
     * A pseudonym: HMAC-SHA256 of the id.
     *
     * @param key at least 32 random bytes, the same in every process and after every restart
     * @param olderKeys keys of earlier, so that a person can also be found, and erased, in what was stored with them
     */
    public static UserIds keyed(byte[] key, byte[]... olderKeys) {
        List<UnaryOperator<String>> forms = new ArrayList<>();
        forms.add(pseudonym(key));
        for (byte[] older : olderKeys) {
            forms.add(pseudonym(older));
        }
        return new UserIds(List.copyOf(forms));
    }

    /** The id as it is. */
    public static UserIds plain() {
        return PLAIN;
    }

    /** Nobody: events are not tied to people, and cannot be erased by person. */
    public static UserIds none() {
        return NONE;
    }

    private static UnaryOperator<String> pseudonym(byte[] key) {
        Hashing.Keyed hash = new Hashing.Keyed(key);
        return user -> "u:" + hash.of(user);
    }

    /** The form in which the person is stored; null if nobody is. */
    @Nullable
    String stored(@Nullable String user) {
        return user == null || forms.isEmpty() ? null : forms.get(0).apply(user);
    }

    /** Every form in which the person may have been stored, the bare id among them: what a store looks for to erase them. */
    public List<String> everyForm(String user) {
        List<String> every = new ArrayList<>();
        every.add(user);
        forms.forEach(form -> every.add(form.apply(user)));
        return every.stream().distinct().toList();
    }
}
