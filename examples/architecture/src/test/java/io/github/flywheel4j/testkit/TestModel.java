package io.github.flywheel4j.testkit;

public final class TestModel {}
