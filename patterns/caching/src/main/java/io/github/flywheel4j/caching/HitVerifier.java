package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.TextFacts;
import java.util.Optional;

/**
 * The last look before a similar question's answer is served: compares what is asked with what was asked when the answer
 * was stored, and may veto.
 *
 * <p>Similarity is no proof: an embedding model puts "over $100" next to "under $100". A verifier looks at what decides:
 * numbers, names, negation, opposites, roles. It is called on the thread of the call for each candidate, so it must be
 * pure, fast and safe from any thread. There is no verifier that vetoes nothing: a cache by meaning without one serves
 * wrong answers.
 *
 * <pre>{@code
 * HitVerifier verifier = HitVerifier.english()
 *         .and((asked, before) -> asked.contains("B-stock") == before.contains("B-stock")
 *                 ? Optional.empty()
 *                 : Optional.of(new Veto(Veto.Reason.CUSTOM)));
 * }</pre>
 */
@FunctionalInterface
public interface HitVerifier {

    /**
     * A reason not to serve, or empty.
     *
     * @param asked what is asked now
     * @param before what was asked when the answer was stored
     */
    Optional<Veto> verify(String asked, String before);

    /**
     * The verifier for English, on the facts that {@link TextFacts} reads: a veto when numbers, amounts, units, dates,
     * versions, codes, names or quotations differ, a negation or an opposite turns the sense, roles are exchanged, another
     * kind of answer is asked for, or a word of content stands in the place of another that is no synonym of it.
     * Symmetric; some ten microseconds for a pair of questions.
     */
    static HitVerifier english() {
        return new EnglishVerifier();
    }

    /**
     * What its vetoes depend on, in a few words, for the settings of the cache: two verifiers of one name veto alike. The name of
     * the class unless told.
     */
    default String name() {
        return ClassNames.of(this);
    }

    /** This verifier, then another: the first veto counts. */
    default HitVerifier and(HitVerifier other) {
        return new BothVerifiers(this, other);
    }
}
