package io.github.flywheel4j.evals;

/**
 * How a judge's verdicts on its anchor set differ from those of its calibration. Immutable.
 *
 * @param anchors answers that were judged again
 * @param nowPassed anchors that failed at calibration and pass now
 * @param nowFailed anchors that passed at calibration and fail now
 * @param unreadable anchors that have no verdict now
 * @param pValue how likely so lopsided a change is if the judge is as it was (exact McNemar test)
 */
public record JudgeDrift(int anchors, int nowPassed, int nowFailed, int unreadable, double pValue) {

    private static final double SIGNIFICANT = 0.05;
    private static final double SHARE = 0.1;

    /**
     * Whether the judge is another one than was calibrated: it became kinder or harsher beyond chance, or more than a tenth
     * of its verdicts changed or were lost. Calibrate again then, before it gates anything.
     */
    public boolean hasMoved() {
        return pValue < SIGNIFICANT || nowPassed + nowFailed + unreadable > SHARE * anchors;
    }
}
