package io.github.flywheel4j.evals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tools that an answer asks for beside those that it should; told at {@link Scorers#toolCalls}. */
record ToolCallScorer(boolean ordered) implements Scorer {

    private record Call(String name, JsonNode arguments) {
        boolean matches(Call other) {
            return name.equals(other.name) && JsonEquality.equal(arguments, other.arguments);
        }
    }

    @Override
    public String name() {
        return ordered ? "tool-calls-in-order" : "tool-calls";
    }

    @Override
    public String fingerprint() {
        return name();
    }

    @Override
    public boolean lossy() {
        return false;
    }

    @Override
    public Score score(EvalCase evalCase, Output output) {
        List<Call> expected = expected(evalCase);
        List<Call> actual =
                output.toolCalls().stream().map(ToolCallScorer::call).toList();
        int matched = ordered ? Sequences.longestCommon(actual, expected, Call::matches) : matches(actual, expected);
        boolean passed = matched == expected.size() && matched == actual.size();
        double value = expected.isEmpty() && actual.isEmpty()
                ? 1
                : TextMetrics.Overlap.of(matched, actual.size(), expected.size())
                        .f1();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("expected", expected.stream().map(Call::name).toList());
        facts.put("called", actual.stream().map(Call::name).toList());
        facts.put("matched", matched);
        return new Score(value, passed, passed ? null : category(expected, actual, matched), facts);
    }

    private String category(List<Call> expected, List<Call> actual, int matched) {
        if (ordered && matches(actual, expected) == expected.size() && actual.size() == expected.size()) {
            return "tools in the wrong order";
        }
        List<String> names = new ArrayList<>(actual.stream().map(Call::name).toList());
        for (Call call : expected) {
            if (!names.remove(call.name)) {
                return "tool not called";
            }
        }
        return matched < expected.size() && names.isEmpty() ? "wrong arguments" : "tool called needlessly";
    }

    /** How many pairs there are, each call used once. Equality is transitive, so taking the first match loses nothing. */
    private static int matches(List<Call> actual, List<Call> expected) {
        List<Call> left = new ArrayList<>(actual);
        int matches = 0;
        for (Call each : expected) {
            for (int i = 0; i < left.size(); i++) {
                if (left.get(i).matches(each)) {
                    left.remove(i);
                    matches++;
                    break;
                }
            }
        }
        return matches;
    }

    private static Call call(ToolExecutionRequest request) {
        return new Call(request.name(), arguments(CaseJson.JSON.getNodeFactory().textNode(text(request.arguments()))));
    }

    private static String text(@Nullable String arguments) {
        return arguments == null || arguments.isBlank() ? "{}" : arguments;
    }

    /** Arguments as an object, or as the text of one; a text that is no JSON stays a text and equals itself only. */
    private static JsonNode arguments(JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return CaseJson.JSON.createObjectNode();
        }
        return given.isTextual() ? JsonEquality.read(given.textValue()).orElse(given) : given;
    }

    private static List<Call> expected(EvalCase evalCase) {
        JsonNode json = JsonEquality.expected(evalCase);
        List<Call> calls = new ArrayList<>();
        for (JsonNode each :
                json.isArray() ? json : CaseJson.JSON.createArrayNode().add(json)) {
            JsonNode call = each.has("function") ? each.path("function") : each;
            if (!call.path("name").isTextual()) {
                throw new IllegalStateException("case '" + evalCase.id() + "': the expected tool calls are none"
                        + " (expected: a JSON array of objects with name and arguments)");
            }
            calls.add(new Call(call.path("name").textValue(), arguments(call.path("arguments"))));
        }
        return calls;
    }
}
