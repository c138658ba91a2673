package io.github.flywheel4j.snippets;

import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.ChatLayerContract;
import java.util.Map;

// snippet
class FixedAnswersContractTest extends ChatLayerContract {

    @Override
    protected ChatLayer layer() {
        return new FixedAnswers(Map.of("Are you open today?", "Yes, until six."));
    }
}
// end snippet
