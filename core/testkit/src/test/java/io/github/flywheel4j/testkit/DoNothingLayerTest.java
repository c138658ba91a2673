package io.github.flywheel4j.testkit;

import io.github.flywheel4j.ChatLayer;

class DoNothingLayerTest extends ChatLayerContract {

    @Override
    protected ChatLayer layer() {
        return (call, next) -> next.proceed(call);
    }
}
