package io.github.flywheel4j.left;

import io.github.flywheel4j.right.RightPattern;

public final class LeftPattern {
    RightPattern other = new RightPattern();
}
