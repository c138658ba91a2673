package io.github.flywheel4j.caching;

import java.util.Optional;

/** Two verifiers one after the other. */
record BothVerifiers(HitVerifier first, HitVerifier then) implements HitVerifier {

    @Override
    public Optional<Veto> verify(String asked, String before) {
        Optional<Veto> veto = first.verify(asked, before);
        return veto.isPresent() ? veto : then.verify(asked, before);
    }

    @Override
    public String name() {
        return first.name() + " and " + then.name();
    }
}
