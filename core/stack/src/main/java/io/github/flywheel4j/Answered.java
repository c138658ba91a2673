package io.github.flywheel4j;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an action returned, and the answers of the calls that it made on its thread; see {@link CallContext#call}.
 *
 * @param value what the action returned
 * @param infos the answers in order: tool rounds first, the answer that the user sees last; empty if no call was made on
 *     the thread itself
 * @param interactions what came of the same calls, and of those that failed, in order: usage, cost and what the layers
 *     decided
 */
public record Answered<T extends @Nullable Object>(T value, List<AnswerInfo> infos, List<Interaction> interactions) {

    /** The last answer: the one that the value was made of. */
    public Optional<AnswerInfo> info() {
        return infos.isEmpty() ? Optional.empty() : Optional.of(infos.get(infos.size() - 1));
    }
}
