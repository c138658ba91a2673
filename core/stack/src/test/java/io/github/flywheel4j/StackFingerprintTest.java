package io.github.flywheel4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StackFingerprintTest {

    @Test
    void isTheSameForTheSameConfiguration() {
        assertThat(usual(stack -> stack)).isEqualTo(usual(stack -> stack)).matches("[0-9a-f]{32}");
    }

    @Test
    void doesNotDependOnWhatDoesNotChangeAnswers() {
        assertThat(usual(stack -> stack.workload("other")
                        .deadline(java.time.Duration.ofSeconds(1))
                        .interactionListener(interaction -> {})
                        .interactionQueue(5)))
                .isEqualTo(usual(stack -> stack));
    }

    @Test
    void changesWithEachPart() {
        Map<String, String> fingerprints = new LinkedHashMap<>();
        fingerprints.put("usual", usual(stack -> stack));
        fingerprints.put("prompt", usual(stack -> stack.promptVersion("2")));
        fingerprints.put("one more layer", usual(stack -> stack.layer(layer("C", ""))));
        fingerprints.put("settings", usual(stack -> stack, layer("A", "threshold=0.8"), layer("B", "")));
        fingerprints.put("name of a layer", usual(stack -> stack, layer("A2", ""), layer("B", "")));
        fingerprints.put("order of layers", usual(stack -> stack, layer("B", ""), layer("A", "")));
        fingerprints.put("one layer less", usual(stack -> stack, layer("A", "")));
        fingerprints.put("settings of the other", usual(stack -> stack, layer("A", ""), layer("B", "x")));
        fingerprints.put("class of the model", usual(stack -> stack.chatModel(new OtherModel(parameters(b -> b)))));
        fingerprints.put("streaming model", usual(stack -> stack.streamingChatModel(new StreamingChatModel() {})));
        fingerprints.put(
                "provider", usual(stack -> stack.chatModel(new Model(parameters(b -> b), ModelProvider.OLLAMA))));
        Map<String, UnaryOperator<dev.langchain4j.model.chat.request.DefaultChatRequestParameters.Builder<?>>> changes =
                new LinkedHashMap<>();
        changes.put("modelName", b -> b.modelName("other"));
        changes.put("temperature", b -> b.temperature(0.9));
        changes.put("topP", b -> b.topP(0.9));
        changes.put("topK", b -> b.topK(9));
        changes.put("frequencyPenalty", b -> b.frequencyPenalty(0.9));
        changes.put("presencePenalty", b -> b.presencePenalty(0.9));
        changes.put("maxOutputTokens", b -> b.maxOutputTokens(9));
        changes.put("stopSequences", b -> b.stopSequences("END"));
        changes.put("two stopSequences", b -> b.stopSequences("EN", "D"));
        changes.put("toolSpecifications", b -> b.toolSpecifications(tool("weather")));
        changes.put("other toolSpecifications", b -> b.toolSpecifications(tool("time")));
        changes.put("toolChoice", b -> b.toolChoice(ToolChoice.REQUIRED));
        changes.put("responseFormat", b -> b.responseFormat(ResponseFormat.JSON));
        changes.put("schema", b -> b.responseFormat(schema("Answer", "text")));
        changes.put("schema's name", b -> b.responseFormat(schema("Reply", "text")));
        changes.put(
                "schema of a list",
                b -> b.responseFormat(schemaOf(
                        JsonArraySchema.builder().items(new JsonStringSchema()).build())));
        changes.put("schema of a text", b -> b.responseFormat(schemaOf(new JsonStringSchema())));
        changes.put("schema's property", b -> b.responseFormat(schema("Answer", "words")));
        changes.forEach((name, change) -> fingerprints.put(
                name, usual(stack -> stack.chatModel(new Model(parameters(change), ModelProvider.OTHER)))));

        assertThat(fingerprints.values()).as(fingerprints.toString()).doesNotHaveDuplicates();
    }

    @Test
    void isTheSameInEveryJvm() throws Exception {
        String here = usual(StackFingerprintTest::withMaps);
        for (int i = 0; i < 3; i++) {
            assertThat(inAnotherJvm()).isEqualTo(here);
        }
    }

    /** Prints the fingerprint of a stack whose parameters hold maps, which iterate differently in each JVM. */
    static final class Print {

        private Print() {}

        public static void main(String[] args) {
            System.out.print(usual(StackFingerprintTest::withMaps));
        }
    }

    private static String inAnotherJvm() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Print.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private static ChatStack.Builder withMaps(ChatStack.Builder stack) {
        JsonSchemaElement text = new JsonStringSchema();
        Map<String, JsonSchemaElement> properties =
                Map.of("a", text, "b", text, "c", text, "d", text, "e", text, "f", text);
        JsonObjectSchema schema = JsonObjectSchema.builder()
                .addProperties(properties)
                .definitions(new HashMap<>(properties))
                .build();
        return stack.chatModel(new Model(
                parameters(b -> b.toolSpecifications(ToolSpecification.builder()
                                .name("tool")
                                .parameters(schema)
                                .metadata(
                                        Map.of("one", 1, "two", 2, "three", 3, "four", Map.of("x", 1, "y", 2, "z", 3)))
                                .build())
                        .responseFormat(ResponseFormat.builder()
                                .type(ResponseFormatType.JSON)
                                .jsonSchema(JsonSchema.builder()
                                        .name("s")
                                        .rootElement(schema)
                                        .build())
                                .build())),
                ModelProvider.OTHER));
    }

    private static String usual(UnaryOperator<ChatStack.Builder> change) {
        return usual(change, layer("A", ""), layer("B", ""));
    }

    private static String usual(UnaryOperator<ChatStack.Builder> change, ChatLayer... layers) {
        ChatStack.Builder stack = ChatStack.builder()
                .chatModel(new Model(parameters(b -> b), ModelProvider.OTHER))
                .promptVersion("1");
        List.of(layers).forEach(stack::layer);
        return change.apply(stack).build().fingerprint().value();
    }

    private static ChatRequestParameters parameters(
            UnaryOperator<dev.langchain4j.model.chat.request.DefaultChatRequestParameters.Builder<?>> change) {
        return change.apply(ChatRequestParameters.builder().modelName("model").temperature(0.0))
                .build();
    }

    private static ToolSpecification tool(String name) {
        return ToolSpecification.builder().name(name).build();
    }

    private static ResponseFormat schema(String name, String property) {
        return schemaOf(
                name, JsonObjectSchema.builder().addStringProperty(property).build());
    }

    private static ResponseFormat schemaOf(JsonSchemaElement root) {
        return schemaOf("Answer", root);
    }

    private static ResponseFormat schemaOf(String name, JsonSchemaElement root) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name(name).rootElement(root).build())
                .build();
    }

    private static ChatLayer layer(String name, String settings) {
        return new ChatLayer() {
            @Override
            public ChatResponse handle(ChatCall call, Next next) {
                return next.proceed(call);
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public String settings() {
                return settings;
            }
        };
    }

    private static class Model implements ChatModel {

        private final ChatRequestParameters defaults;
        private final ModelProvider provider;

        Model(ChatRequestParameters defaults, ModelProvider provider) {
            this.defaults = defaults;
            this.provider = provider;
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder().aiMessage(AiMessage.from("hello")).build();
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return defaults;
        }

        @Override
        public ModelProvider provider() {
            return provider;
        }
    }

    private static final class OtherModel extends Model {

        OtherModel(ChatRequestParameters defaults) {
            super(defaults, ModelProvider.OTHER);
        }
    }
}
