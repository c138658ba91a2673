package io.github.flywheel4j.feedback;

/**
 * What a deletion by age touched.
 *
 * @param events how many events were deleted
 * @param filesDeleted how many files were deleted as a whole
 * @param filesRewritten how many files were written anew without them
 */
public record RetentionReport(long events, int filesDeleted, int filesRewritten) {}
