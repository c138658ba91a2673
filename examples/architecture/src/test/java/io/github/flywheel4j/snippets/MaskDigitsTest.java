package io.github.flywheel4j.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flywheel4j.ChatLayer;
import io.github.flywheel4j.testkit.ChatLayerContract;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskDigitsTest extends ChatLayerContract {

    @Override
    protected ChatLayer layer() {
        return new MaskDigits();
    }

    @Override
    protected List<String> textsThatPass() {
        return super.textsThatPass().stream()
                .filter(text -> !text.matches("(?s).*[0-9].*"))
                .toList();
    }

    @Override
    protected List<String> textsThatAreChanged() {
        return List.of("The answer is 42, or 17.");
    }

    @Test
    void masksDigits() {
        assertThat(new MaskDigits()
                        .around(ScriptedChatModel.saying("It is 42."))
                        .chat("What is it?"))
                .isEqualTo("It is ##.");
    }
}
