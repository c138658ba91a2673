package io.github.flywheel4j.feedback;

import java.util.List;

/**
 * What an erasure touched.
 *
 * @param interactions how many interactions of the person were masked
 * @param feedback how many other events, on these interactions or by the person, were masked
 * @param corruptLines how many unreadable lines were deleted, because nobody can tell whose they are
 * @param touched the files, or tables, that were rewritten
 */
public record ErasureReport(long interactions, long feedback, long corruptLines, List<String> touched) {

    /** Copies the list. */
    public ErasureReport {
        touched = List.copyOf(touched);
    }
}
