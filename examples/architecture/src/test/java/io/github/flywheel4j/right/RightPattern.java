package io.github.flywheel4j.right;

public final class RightPattern {}
