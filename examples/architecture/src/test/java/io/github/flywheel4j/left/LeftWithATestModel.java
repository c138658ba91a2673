package io.github.flywheel4j.left;

import io.github.flywheel4j.testkit.TestModel;

public final class LeftWithATestModel {
    TestModel model = new TestModel();
}
