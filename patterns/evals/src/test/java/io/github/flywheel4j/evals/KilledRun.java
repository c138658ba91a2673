package io.github.flywheel4j.evals;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that runs a dataset, answers so many cases and then hangs until somebody kills it. */
final class KilledRun {

    static final Dataset DATASET = Runs.dataset(300, 2);
    static final List<Scorer> SCORERS = List.of(Runs.contains());
    static final int REPEATS = 2;

    private KilledRun() {}

    /** Arguments: the journal, and how many answers it gives. Says "hangs" when it has given them. */
    public static void main(String[] args) {
        int most = Integer.parseInt(args[1]);
        AtomicInteger asked = new AtomicInteger();
        runner(Path.of(args[0])).run(DATASET, candidate(asked, most), SCORERS);
    }

    static EvalRunner runner(Path journal) {
        return EvalRunner.builder().workers(4).repeats(REPEATS).journal(journal).build();
    }

    static Candidate candidate(AtomicInteger asked, int most) {
        return Candidate.of("mortal", evalCase -> {
            if (asked.incrementAndGet() > most) {
                System.out.println("hangs");
                System.out.flush();
                hang();
            }
            return "gr\u00fc\u00dfe " + evalCase.expected();
        });
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
