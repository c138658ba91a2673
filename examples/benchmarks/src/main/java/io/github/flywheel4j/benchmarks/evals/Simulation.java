package io.github.flywheel4j.benchmarks.evals;

import io.github.flywheel4j.evals.Candidate;
import io.github.flywheel4j.evals.Dataset;
import io.github.flywheel4j.evals.EvalCase;
import io.github.flywheel4j.evals.EvalInput;
import io.github.flywheel4j.evals.Output;
import io.github.flywheel4j.evals.Score;
import io.github.flywheel4j.evals.Scorer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** A dataset of clusters, three metrics, and pairs of systems that answer it with known differences. */
final class Simulation {

    static final int CASES_PER_CLUSTER = 3;

    /** Two that pass or fail and one in between. */
    static final List<String> METRICS = List.of("right", "cited", "likeness");

    /** How much harder than another a cluster or a case is: two versions of one system mostly agree on that. */
    private static final double HARDNESS = 1;

    /** How much a system deviates in a whole cluster, and from repeat to repeat. */
    private static final double OWN_DEVIATION = 0.5;

    private static final double LUCK = 0.5;

    /** With the spreads above it makes pass rates around 70 %. */
    private static final double BAR = 0.78;

    private final Dataset dataset;
    private final int repeats;
    private final double gain;

    /**
     * Creates it.
     *
     * @param gain by how much the candidate's rates are higher, on average
     */
    Simulation(int clusters, int repeats, double gain) {
        List<EvalCase> cases = new ArrayList<>();
        for (int cluster = 0; cluster < clusters; cluster++) {
            // Uneven: one, three or five cases, three on average.
            int size = CASES_PER_CLUSTER + 2 * (cluster % 3 - 1);
            for (int i = 0; i < size; i++) {
                TreeSet<String> slices = new TreeSet<>(List.of(cluster % 2 == 0 ? "even" : "odd"));
                cases.add(new EvalCase(
                        cluster + "-" + i,
                        EvalInput.text("?"),
                        null,
                        List.of(),
                        slices,
                        EvalCase.Origin.SYNTHETIC,
                        null,
                        "cluster-" + cluster));
            }
        }
        this.dataset = Dataset.of("simulated", cases);
        this.repeats = repeats;
        this.gain = gain;
    }

    Dataset dataset() {
        return dataset;
    }

    int repeats() {
        return repeats;
    }

    List<Scorer> scorers() {
        return List.of(new Column(0), new Column(1), new Column(2));
    }

    /** A new pair of systems. */
    Systems systems(SplittableRandom random) {
        Map<String, double[]> hardness = new HashMap<>();
        for (EvalCase each : dataset.cases()) {
            double[] ofCluster = hardness.computeIfAbsent(each.clusterOrSelf(), key -> gaussians(random, HARDNESS));
            double[] ofCase = gaussians(random, HARDNESS);
            for (int metric = 0; metric < ofCase.length; metric++) {
                ofCase[metric] += ofCluster[metric];
            }
            hardness.put(each.id(), ofCase);
        }
        return new Systems(answers(hardness, 0, random), answers(hardness, gain, random));
    }

    private Map<String, List<double[]>> answers(Map<String, double[]> hardness, double gain, SplittableRandom random) {
        Map<String, double[]> own = new HashMap<>();
        Map<String, List<double[]>> answers = new HashMap<>();
        for (EvalCase each : dataset.cases()) {
            double[] deviation = own.computeIfAbsent(each.clusterOrSelf(), key -> gaussians(random, OWN_DEVIATION));
            double[] hard = hardness.getOrDefault(each.id(), new double[METRICS.size()]);
            List<double[]> ofCase = new ArrayList<>();
            for (int repeat = 0; repeat < repeats; repeat++) {
                double[] luck = gaussians(random, LUCK);
                double[] values = new double[METRICS.size()];
                for (int metric = 0; metric < values.length; metric++) {
                    double skill = BAR + deviation[metric] - hard[metric] + luck[metric];
                    boolean passes = skill > 0 || random.nextDouble() < gain / (1 - PASS_RATE);
                    values[metric] = metric < 2 ? (passes ? 1 : 0) : Math.min(1, gain + logistic(skill) * (1 - gain));
                }
                ofCase.add(values);
            }
            answers.put(each.id(), ofCase);
        }
        return answers;
    }

    /** Of a normal skill around the bar: what a failing answer has to gain from. */
    private static final double PASS_RATE = 0.69;

    private static double logistic(double value) {
        return 1 / (1 + Math.exp(-value));
    }

    private static double[] gaussians(RandomGenerator random, double deviation) {
        double[] values = new double[METRICS.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation * random.nextGaussian();
        }
        return values;
    }

    /** Two systems' values of each metric, by case and repeat. */
    final class Systems {

        private final Map<String, List<double[]>> before;
        private final Map<String, List<double[]>> after;

        Systems(Map<String, List<double[]>> before, Map<String, List<double[]>> after) {
            this.before = before;
            this.after = after;
        }

        Candidate baseline() {
            return system("baseline", before);
        }

        Candidate candidate() {
            return system("candidate", after);
        }

        /** Each answer of the candidate less that of the baseline, as if all were independent. */
        double[] differences(int metric) {
            List<Double> differences = new ArrayList<>();
            for (EvalCase each : dataset.cases()) {
                for (int repeat = 0; repeat < repeats; repeat++) {
                    differences.add(after.getOrDefault(each.id(), List.of()).get(repeat)[metric]
                            - before.getOrDefault(each.id(), List.of()).get(repeat)[metric]);
                }
            }
            return differences.stream().mapToDouble(Double::doubleValue).toArray();
        }

        /** Repeats are asked in order, since the runner has one worker. */
        private Candidate system(String name, Map<String, List<double[]>> answers) {
            Map<String, Integer> asked = new HashMap<>();
            return Candidate.of(name, evalCase -> {
                int repeat = asked.merge(evalCase.id(), 1, Integer::sum) - 1;
                double[] values = answers.getOrDefault(evalCase.id(), List.of()).get(repeat);
                return values[0] + " " + values[1] + " " + values[2];
            });
        }
    }

    /** One of the numbers that a simulated system answers. */
    private record Column(int index) implements Scorer {

        @Override
        public String name() {
            return METRICS.get(index);
        }

        @Override
        public String fingerprint() {
            return "column " + index;
        }

        @Override
        public boolean lossy() {
            return false;
        }

        @Override
        public boolean fromZeroToOne() {
            return true;
        }

        @Override
        public Score score(EvalCase evalCase, Output output) {
            double value = Double.parseDouble(output.text().split(" ", -1)[index]);
            return index < 2 ? Score.of(value == 1) : Score.of(value);
        }
    }
}
