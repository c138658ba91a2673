package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.evals.PairVerdict;
import io.github.flywheel4j.evals.Preference;

/** What a judge and people said of one pair. */
record JudgedPair(String id, String subset, String cluster, PairVerdict verdict, Preference human) {}
