package io.github.flywheel4j.stats;

public final class PureStats {}
