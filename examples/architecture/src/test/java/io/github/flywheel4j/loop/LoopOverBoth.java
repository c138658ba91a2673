package io.github.flywheel4j.loop;

import io.github.flywheel4j.left.LeftPattern;
import io.github.flywheel4j.right.RightPattern;

public final class LoopOverBoth {
    LeftPattern left = new LeftPattern();
    RightPattern right = new RightPattern();
}
