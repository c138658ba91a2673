package io.github.flywheel4j.left;

import io.github.flywheel4j.stats.PureStats;

public final class LeftWithNumbers {
    PureStats stats = new PureStats();
}
