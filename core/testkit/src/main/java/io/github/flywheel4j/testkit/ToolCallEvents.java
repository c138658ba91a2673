package io.github.flywheel4j.testkit;

/** Which events of a stream tell of a tool call before {@code onCompleteResponse} does. */
public enum ToolCallEvents {
    /** {@code onPartialToolCall} for each token of the arguments, then {@code onCompleteToolCall}, as OpenAI does. */
    PARTIAL_AND_COMPLETE,
    /** {@code onCompleteToolCall} alone, as Bedrock, Gemini, Mistral and Ollama do. */
    COMPLETE_ONLY,
    /** No event: the tool calls are in the complete response alone. */
    NONE
}
