package io.github.flywheel4j.caching;

import io.github.flywheel4j.text.TextFacts;
import java.util.Optional;

/** Compares what two English texts state. */
record EnglishVerifier() implements HitVerifier {

    /** Raised when the same pair may get another veto than before: changed rules or words in {@code core/text}. */
    private static final int VERSION = 1;

    @Override
    public Optional<Veto> verify(String asked, String before) {
        return TextFacts.of(asked).difference(TextFacts.of(before)).map(Veto::of);
    }

    @Override
    public String name() {
        return "english " + VERSION;
    }
}
