package io.github.flywheel4j.left;

import io.github.flywheel4j.loop.LoopOverBoth;

public final class LeftThatKnowsTheLoop {
    LoopOverBoth loop = new LoopOverBoth();
}
