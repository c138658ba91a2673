package io.github.flywheel4j.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.github.flywheel4j.ChatStack;
import io.github.flywheel4j.testkit.ScriptedChatModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples of this module's classes, but for those that the guide has too. */
class ClassDocsTest {

    private final ChatModel model = ScriptedChatModel.saying("Within sixty days.");
    private final EmbeddingModel embeddings = new WordBag();

    @Test
    void responseCache() {
        // snippet
        ResponseCache cache = ResponseCache.builder(Scope.tenant())
                .temperature(TemperaturePolicy.any())
                .timeToLive(Duration.ofHours(6))
                .build();
        ChatStack stack = ChatStack.builder().chatModel(model).layer(cache).build();
        // end snippet

        assertThat(stack.chatModel().chat("How long?")).isEqualTo("Within sixty days.");
    }

    @Test
    void semanticTier() {
        // snippet
        SemanticTier semantic = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
                .tolerance(0.02)
                .judge(AnswerJudge.exact())
                .build();
        // end snippet

        assertThat(semantic.report().serving()).isFalse();
    }

    @Test
    void hitVerifier() {
        // snippet
        HitVerifier verifier = HitVerifier.english()
                .and((asked, before) -> asked.contains("B-stock") == before.contains("B-stock")
                        ? Optional.empty()
                        : Optional.of(new Veto(Veto.Reason.CUSTOM)));
        // end snippet

        assertThat(verifier.verify("Has B-stock a warranty?", "Has this a warranty?"))
                .isPresent();
        assertThat(verifier.verify("Has this a warranty?", "Does this have a warranty?"))
                .isEmpty();
    }

    @Test
    void semanticReplay() {
        SemanticTier tier = SemanticTier.builder(embeddings, "all-minilm-l6-v2-q")
                .tolerance(0.02)
                .build();
        Map<String, String> log = new LinkedHashMap<>();
        log.put("Are you open on Sunday?", "opening hours");
        log.put("On Sunday, are you open?", "opening hours");
        int hits = 0;
        int wrong = 0;

        // snippet
        SemanticReplay replay = SemanticReplay.of(tier);
        for (Map.Entry<String, String> question : log.entrySet()) {
            SemanticReplay.Outcome outcome = replay.ask(question.getKey(), question.getValue());
            if (outcome.kind() == SemanticReplay.Kind.HIT) {
                hits++;
                wrong += outcome.right() ? 0 : 1;
            }
        }
        // end snippet

        assertThat(wrong).isLessThanOrEqualTo(hits);
    }
}
