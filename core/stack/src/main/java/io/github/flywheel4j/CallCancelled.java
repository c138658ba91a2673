package io.github.flywheel4j;

import java.util.concurrent.CancellationException;

/**
 * A call ended because somebody no longer wants its answer. Never retried and never turned into an answer: layers let it
 * pass.
 */
public final class CallCancelled extends CancellationException {

    private static final long serialVersionUID = 1L;

    CallCancelled(String reason) {
        super("call cancelled: " + reason);
    }
}
