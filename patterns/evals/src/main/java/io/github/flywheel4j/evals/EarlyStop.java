package io.github.flywheel4j.evals;

import io.github.flywheel4j.evals.EvalRun.Info;

/** When a run may end before all cases were asked: as soon as a gate is decided against a baseline. */
record EarlyStop(EvalRun baseline, Gate gate, Varies varies) {

    EarlyStop {
        if (!gate.looksEarly()) {
            throw new IllegalArgumentException("gate: without early stopping (expected: one built with earlyStopping(),"
                    + " whose test at the end allows for the looks before it)");
        }
    }

    void requireComparable(Info info) {
        Comparability.require(baseline.info(), info, varies);
        gate.requireMayGate(baseline, info);
    }

    boolean isDecided(EvalRun soFar) {
        return gate.isDecided(baseline, soFar, varies);
    }
}
