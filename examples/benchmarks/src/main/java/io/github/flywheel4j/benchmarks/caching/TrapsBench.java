package io.github.flywheel4j.benchmarks.caching;

import io.github.flywheel4j.benchmarks.Bench;
import io.github.flywheel4j.benchmarks.Figures;
import io.github.flywheel4j.benchmarks.Table;
import io.github.flywheel4j.caching.HitVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/**
 * Pairs of questions that look alike, half of them with the same answer: what the verifier lets through, and what it
 * stops. The pairs were written before the verifier, and a third of them was kept back while it was tuned. They share an
 * author with its lists of words all the same: expect more of both errors on questions of others.
 */
@Command(
        name = "cache-traps",
        description = "Look-alike questions, half of them true paraphrases: wrong hits let through, right ones vetoed.",
        sortOptions = false)
public final class TrapsBench implements Bench {

    /** Creates it; there are no options. */
    public TrapsBench() {}

    /**
     * Two questions.
     *
     * @param kind what the pair is about
     * @param same whether one answer serves both
     */
    private record Pair(String kind, boolean same, String asked, String before) {}

    /** What became of some pairs. */
    private static final class Tally {

        private int same;
        private int vetoed;
        private int other;
        private int served;

        void add(Pair pair, boolean veto) {
            if (pair.same()) {
                same++;
                vetoed += veto ? 1 : 0;
            } else {
                other++;
                served += veto ? 0 : 1;
            }
        }

        double vetoedRate() {
            return same == 0 ? 0 : (double) vetoed / same;
        }

        void row(Table table, String name) {
            table.row(
                    name,
                    Integer.toString(same),
                    Integer.toString(vetoed),
                    Integer.toString(other),
                    Integer.toString(served));
        }
    }

    @Override
    public Figures run(PrintStream out) {
        Tally all = new Tally();
        Tally heldBack = new Tally();
        Map<String, Tally> byClass = new TreeMap<>();
        HitVerifier verifier = HitVerifier.english();
        for (Pair pair : read("traps.tsv")) {
            add(pair, verifier, all, byClass);
        }
        for (Pair pair : read("traps-held-back.tsv")) {
            heldBack.add(pair, add(pair, verifier, all, byClass));
        }
        Table table = new Table("pairs", "same", "vetoed", "other", "served");
        byClass.forEach((name, tally) -> tally.row(table, name));
        heldBack.row(table, "held back while tuning");
        all.row(table, "all");
        table.print(out);
        StringBuilder classes = new StringBuilder();
        byClass.forEach((name, tally) -> classes.append(classes.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(tally.served)
                .append('/')
                .append(tally.other)
                .append(" served, ")
                .append(tally.vetoed)
                .append('/')
                .append(tally.same)
                .append(" vetoed"));
        return new Figures()
                .put("pairs", all.same + all.other)
                .put("false_hits", all.served)
                .put("true_vetoed_rate", all.vetoedRate())
                .put("held_back_pairs", heldBack.same + heldBack.other)
                .put("held_back_false_hits", heldBack.served)
                .put("held_back_true_vetoed_rate", heldBack.vetoedRate())
                .put("by_class", classes.toString());
    }

    private static boolean add(Pair pair, HitVerifier verifier, Tally all, Map<String, Tally> byClass) {
        boolean veto = verifier.verify(pair.asked(), pair.before()).isPresent();
        all.add(pair, veto);
        byClass.computeIfAbsent(pair.kind(), unused -> new Tally()).add(pair, veto);
        return veto;
    }

    private static List<Pair> read(String name) {
        try (InputStream in = TrapsBench.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing beside the bench's class");
            }
            List<Pair> pairs = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] cells = line.split("\t", -1);
                pairs.add(new Pair(cells[0], cells[1].equals("same"), cells[2], cells[3]));
            }
            return pairs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
