package io.github.flywheel4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.github.flywheel4j.ChatStack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the offline model makes of a list of questions, half about this project's documents and half about anything else. */
class QuestionsTest {

    private static final String OFF_TOPIC = "-";

    private static final List<Asked> ASKED = new ArrayList<>();

    @BeforeAll
    static void asksThemAll() throws IOException {
        EmbeddingModel embeddings = new RememberingEmbeddings(new AllMiniLmL6V2QuantizedEmbeddingModel());
        Documents documents = Documents.ofProject(Path.of("../.."));
        ChatModel model = ChatStack.builder()
                .chatModel(new OfflineModel(new ExtractiveAnswer(embeddings)))
                .layer(new Retrieval(new PassageIndex(documents.passages(), embeddings)))
                .build()
                .chatModel();
        try (InputStream list = QuestionsTest.class.getResourceAsStream("questions.tsv")) {
            new String(list.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        int tab = line.indexOf('\t');
                        String question = line.substring(tab + 1);
                        ASKED.add(new Asked(line.substring(0, tab), question, model.chat(question)));
                    });
        }
    }

    @Test
    void declinesWhatTheDocumentsDoNotAnswer() {
        List<Asked> offTopic = ASKED.stream().filter(Asked::isOffTopic).toList();

        assertThat(offTopic).hasSizeGreaterThanOrEqualTo(100);
        assertThat(offTopic.stream().filter(asked -> !asked.isDeclined()).toList())
                .as("questions that should have been declined")
                .hasSizeLessThanOrEqualTo(offTopic.size() / 50);
    }

    @Test
    void answersMostOfWhatTheySay() {
        List<Asked> onTopic =
                ASKED.stream().filter(asked -> !asked.isOffTopic()).toList();
        List<Asked> wrong = onTopic.stream().filter(asked -> !asked.isRight()).toList();

        assertThat(onTopic).hasSizeGreaterThanOrEqualTo(40);
        assertThat(wrong).as("questions without the expected answer").hasSizeLessThanOrEqualTo(onTopic.size() / 4);
    }

    /** The same sentences are looked at for many questions. */
    private record RememberingEmbeddings(EmbeddingModel model, Map<String, Embedding> known) implements EmbeddingModel {

        RememberingEmbeddings(EmbeddingModel model) {
            this(model, new HashMap<>());
        }

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> texts) {
            return Response.from(texts.stream()
                    .map(text -> known.computeIfAbsent(
                            text.text(), each -> model.embed(each).content()))
                    .toList());
        }
    }

    private record Asked(String expected, String question, String answer) {

        boolean isOffTopic() {
            return expected.equals(OFF_TOPIC);
        }

        boolean isDeclined() {
            return answer.equals(Retrieval.NOTHING_FOUND) || answer.equals(ExtractiveAnswer.NOTHING_FITS);
        }

        boolean isRight() {
            return !isDeclined() && answer.matches("(?s).*(" + expected + ").*");
        }
    }
}
