package io.github.flywheel4j;

import io.github.flywheel4j.right.RightPattern;

public final class CoreThatKnowsAPattern {
    RightPattern pattern = new RightPattern();
}
