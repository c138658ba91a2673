package io.github.flywheel4j.evals;

import io.github.flywheel4j.stats.CountTests;

/**
 * How a judge's verdicts on its anchor set differ from those of its calibration, or of an earlier run. Immutable.
 *
 * @param anchors answers that had a verdict before
 * @param nowPassed anchors that failed before and pass now
 * @param nowFailed anchors that passed before and fail now
 * @param unreadable anchors that have no verdict now
 * @param pValue how likely so lopsided a change is if the judge is as it was (exact McNemar test)
 */
public record JudgeDrift(int anchors, int nowPassed, int nowFailed, int unreadable, double pValue) {

    private static final double SIGNIFICANT = 0.05;
    private static final double SHARE = 0.1;

    /** Verdicts as {@link CalibratedJudge#anchors} writes them. */
    static final char PASSED = '1';

    static final char FAILED = '0';
    static final char UNREADABLE = '?';

    /** Compares the verdicts on one anchor set, as many before as now. */
    static JudgeDrift between(String before, String now) {
        int anchors = 0;
        int nowPassed = 0;
        int nowFailed = 0;
        int lost = 0;
        for (int i = 0; i < before.length(); i++) {
            char was = before.charAt(i);
            char is = now.charAt(i);
            if (was != UNREADABLE) {
                anchors++;
                nowPassed += was == FAILED && is == PASSED ? 1 : 0;
                nowFailed += was == PASSED && is == FAILED ? 1 : 0;
                lost += is == UNREADABLE ? 1 : 0;
            }
        }
        return new JudgeDrift(
                anchors,
                nowPassed,
                nowFailed,
                lost,
                CountTests.mcnemarExact(nowPassed, nowFailed).pValue());
    }

    /**
     * Whether the judge is another one than was calibrated: it became kinder or harsher beyond chance, or more than a tenth
     * of its verdicts changed or were lost. Calibrate again then, before it gates anything.
     */
    public boolean hasMoved() {
        return hasMoved(1);
    }

    /** The same of one of so many comparisons, any of which may be lopsided by chance. */
    boolean hasMoved(int comparisons) {
        return pValue < SIGNIFICANT / comparisons || nowPassed + nowFailed + unreadable > SHARE * anchors;
    }

    /** The counts, for messages. */
    String inWords() {
        return "of " + anchors + " anchors " + nowPassed + " pass and " + nowFailed + " fail that did not, "
                + unreadable + " became unreadable";
    }
}
