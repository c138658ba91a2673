package io.github.flywheel4j.feedback;

import java.util.List;

/**
 * What an erasure touched.
 *
 * @param interactions how many interactions of the person were masked
 * @param feedback how many other events, on these interactions or by the person, were masked
 * @param corruptLines how many unreadable lines were deleted, because nobody can tell whose they are
 * @param touched the files, or tables, that were rewritten
 * @param pagesLeft whether files of the store hold the old bytes still, because it wrote the new ones beside them: so do
 *     databases until they are compacted
 */
public record ErasureReport(
        long interactions, long feedback, long corruptLines, List<String> touched, boolean pagesLeft) {

    /** Copies the list. */
    public ErasureReport {
        touched = List.copyOf(touched);
    }

    /** Of a store that leaves no old bytes. */
    public ErasureReport(long interactions, long feedback, long corruptLines, List<String> touched) {
        this(interactions, feedback, corruptLines, touched, false);
    }
}
