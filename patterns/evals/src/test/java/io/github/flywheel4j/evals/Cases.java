package io.github.flywheel4j.evals;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import io.github.flywheel4j.Outcome;
import io.github.flywheel4j.evals.EvalCase.Origin;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/** Cases and answers of tests. */
final class Cases {

    private Cases() {}

    static EvalCase expecting(String expected) {
        return EvalCase.of("a", "a question", expected);
    }

    static EvalCase withContext(String... context) {
        return new EvalCase(
                "a", EvalInput.text("a question"), null, List.of(context), new TreeSet<>(), Origin.HAND, null, null);
    }

    static EvalCase inSlice(String id, String slice) {
        return new EvalCase(
                id,
                EvalInput.text("a question"),
                null,
                List.of(),
                new TreeSet<>(List.of(slice)),
                Origin.HAND,
                null,
                null);
    }

    static Output calling(ToolExecutionRequest... calls) {
        return new Output("", List.of(calls), List.of(), Outcome.ANSWERED, null, null, Duration.ZERO, null);
    }

    static Output retrieving(String... sources) {
        return new Output("", List.of(), List.of(sources), Outcome.ANSWERED, null, null, Duration.ZERO, null);
    }

    static ToolExecutionRequest call(String name, String arguments) {
        return ToolExecutionRequest.builder().name(name).arguments(arguments).build();
    }
}
