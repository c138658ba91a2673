package io.github.flywheel4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the layers decided about one call, in the order in which they said so. A call that is forked (attempts, further
 * calls of {@link Next}) gets a branch for each fork, so that decisions of two attempts are told apart.
 *
 * <p>Thread-safe; recording is rare and cheap.
 */
public final class CallTrace {

    private static final int NOWHERE = -1;

    private final String branch;
    private final @Nullable CallTrace root;
    private final AtomicInteger depth = new AtomicInteger(NOWHERE);
    private final AtomicInteger branches = new AtomicInteger();
    private @Nullable List<Decision> log; // of the root only, guarded by its branches

    CallTrace() {
        this("", null);
    }

    private CallTrace(String branch, @Nullable CallTrace root) {
        this.branch = branch;
        this.root = root;
    }

    /** Records a decision that took no time worth telling. */
    public void record(String layer, String outcome) {
        record(layer, outcome, Map.of(), Duration.ZERO);
    }

    /** Records a decision with its reasons; see {@link Decision} for what each part is. */
    public void record(String layer, String outcome, Map<String, ? extends @Nullable Object> facts, Duration took) {
        (root == null ? this : root).add(new Decision(layer, outcome, facts, took, branch));
    }

    /** The decisions of this branch and its forks so far, in the order of recording; a copy. */
    public List<Decision> decisions() {
        return (root == null ? this : root).within(branch);
    }

    /** The name of this branch; empty for the call itself. */
    public String branch() {
        return branch;
    }

    /** A trace for a fork of the call: its decisions carry the fork's name. */
    CallTrace fork() {
        int number = branches.incrementAndGet();
        return new CallTrace(branch.isEmpty() ? "" + number : branch + "." + number, root == null ? this : root);
    }

    /**
     * Notes that the call goes into the layer at that depth; false if it, or one further in, was entered before in this
     * branch: the layer further out calls {@code next} once more.
     */
    boolean enters(int layer) {
        int deepest = depth.get();
        while (layer > deepest) {
            if (depth.compareAndSet(deepest, layer)) {
                return true;
            }
            deepest = depth.get();
        }
        return false;
    }

    private void add(Decision decision) {
        synchronized (branches) {
            if (log == null) {
                log = new ArrayList<>();
            }
            log.add(decision);
        }
    }

    private List<Decision> within(String prefix) {
        List<Decision> all;
        synchronized (branches) {
            all = log == null ? List.of() : List.copyOf(log);
        }
        if (prefix.isEmpty()) {
            return all;
        }
        return all.stream()
                .filter(decision ->
                        decision.branch().equals(prefix) || decision.branch().startsWith(prefix + "."))
                .toList();
    }
}
