package io.github.flywheel4j.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedsTest {

    private final @Nullable String before = System.getProperty(Seeds.PROPERTY);

    @AfterEach
    void putTheSeedBack() {
        set(before);
    }

    private static void set(@Nullable String seed) {
        if (seed == null) {
            System.clearProperty(Seeds.PROPERTY);
        } else {
            System.setProperty(Seeds.PROPERTY, seed);
        }
    }

    private static List<String> sample(Seeds seeds) {
        return IntStream.range(0, 50).mapToObj(i -> seeds.text(30)).toList();
    }

    @Test
    void theSameSeedGivesTheSameData() {
        set(null);

        assertThat(sample(Seeds.named("a"))).isEqualTo(sample(Seeds.named("a")));
        assertThat(sample(Seeds.named("a"))).isNotEqualTo(sample(Seeds.named("b")));
        assertThat(Seeds.of(7).chatRequest()).isEqualTo(Seeds.of(7).chatRequest());
        assertThat(Seeds.of(7).json(3)).isEqualTo(Seeds.of(7).json(3));
        assertThat(Seeds.random("a").nextLong()).isEqualTo(Seeds.random("a").nextLong());
    }

    @Test
    void theSeedCanBeGivenFromOutside() {
        set("7");

        assertThat(Seeds.named("a").seed()).isEqualTo(7);
        assertThat(sample(Seeds.named("a"))).isEqualTo(sample(Seeds.of(7)));
        assertThat(Seeds.named("a")).hasToString("seed of 'a': 7 (repeat with -Dflywheel4j.seed=7)");
    }

    @Test
    void refusesASeedThatIsNoNumber() {
        set("x");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Seeds.named("a"))
                .withMessage("flywheel4j.seed: x (expected: a whole number)");
    }

    @Test
    void textsAreInManyScriptsAndSurviveUtf8() {
        Seeds seeds = Seeds.of(1);
        Set<Character.UnicodeScript> scripts = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String text = seeds.text(20);
            assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
            text.codePoints().mapToObj(Character.UnicodeScript::of).forEach(scripts::add);
        }

        assertThat(scripts)
                .contains(
                        Character.UnicodeScript.LATIN,
                        Character.UnicodeScript.GREEK,
                        Character.UnicodeScript.CYRILLIC,
                        Character.UnicodeScript.HEBREW,
                        Character.UnicodeScript.ARABIC,
                        Character.UnicodeScript.DEVANAGARI,
                        Character.UnicodeScript.THAI,
                        Character.UnicodeScript.HAN,
                        Character.UnicodeScript.HIRAGANA,
                        Character.UnicodeScript.HANGUL);
    }

    @Test
    void splitsGiveTheTextBack() {
        Seeds seeds = Seeds.of(2);
        for (int i = 0; i < 500; i++) {
            String text = seeds.text(20);
            assertThat(String.join("", seeds.tokenSplit().split(text))).isEqualTo(text);
        }
    }

    @Test
    void requestsEndWithTheUserAndPassTheStubServersChecks() {
        Seeds seeds = Seeds.of(3);
        try (OpenAiStubServer server = OpenAiStubServer.replying(StubReply.text("ok"))) {
            OpenAiChatModel model = OpenAiChatModel.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey("demo")
                    .modelName("m")
                    .maxRetries(0)
                    .build();
            for (int i = 0; i < 100; i++) {
                ChatRequest request = seeds.chatRequest();
                assertThat(request.messages().get(request.messages().size() - 1))
                        .isInstanceOf(UserMessage.class);
                assertThat(model.chat(request).aiMessage().text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void jsonValuesComeBackAsTheyWere() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Seeds seeds = Seeds.of(4);
        for (int i = 0; i < 500; i++) {
            Map<String, @Nullable Object> value = seeds.jsonObject(3);
            String json = mapper.writeValueAsString(value);
            assertThat(mapper.writeValueAsString(mapper.readValue(json, Map.class)))
                    .isEqualTo(json);
        }
    }
}
