package io.github.flywheel4j;

/** A layer broke a rule of {@link ChatLayer}; the message names the layer and the rule. A mistake in code, not in data. */
public final class LayerContractException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    LayerContractException(String message) {
        super(message);
    }
}
