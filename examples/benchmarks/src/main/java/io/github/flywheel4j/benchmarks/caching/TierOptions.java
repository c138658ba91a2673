package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.BadInput;
import io.github.flywheel4j.caching.LabelledPair;
import io.github.flywheel4j.caching.SemanticReplay.Outcome;
import io.github.flywheel4j.caching.SemanticTier;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which semantic tier a bench asks, and the tier. */
final class TierOptions {

    @Option(
            names = "--calibrate",
            paramLabel = "F",
            description =
                    "JSON Lines {\"a\", \"b\", \"same\"} to learn from first; unless given the tier learns from the"
                            + " stream alone, or from those of the pairs that it is not asked")
    private @Nullable Path calibrate;

    @Option(
            names = "--tolerance",
            paramLabel = "x",
            defaultValue = "0.02",
            description = "tolerated share of wrong hits (default: ${DEFAULT-VALUE})")
    private double tolerance;

    @Option(names = "--show-wrong", description = "print the hits that count as wrong, to look at the labels")
    private boolean showWrong;

    /** @throws BadInput if no tier has this tolerance */
    double tolerance() {
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new BadInput("--tolerance: " + tolerance + " (expected: between 0 and 1)");
        }
        return tolerance;
    }

    Optional<Path> calibration() {
        return Optional.ofNullable(calibrate);
    }

    /** What is to be learned from first; empty where no file is given. */
    Optional<List<LabelledPair>> calibrationPairs() {
        return calibration().map(CacheFiles::pairs);
    }

    /** Prints a hit that counts as wrong, where that was asked for. */
    void show(PrintStream table, String question, Outcome hit) {
        if (showWrong) {
            table.println(
                    "counted as wrong: " + question + " | " + hit.candidate().orElse(""));
        }
    }

    /** A tier that knows nothing yet. */
    SemanticTier tier(RememberedEmbeddings embeddings, long seed) {
        return SemanticTier.builder(embeddings, RememberedEmbeddings.MINI_LM)
                .tolerance(tolerance())
                .random(new SplittableRandom(seed))
                .build();
    }
}
