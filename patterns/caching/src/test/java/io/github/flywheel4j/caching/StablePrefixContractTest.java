package io.github.flywheel4j.caching;

import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.ChatLayerContract;

class StablePrefixContractTest extends ChatLayerContract {

    @Override
    protected ChatLayer layer() {
        return StablePrefix.builder().volatileWhen(message -> true).build();
    }
}
