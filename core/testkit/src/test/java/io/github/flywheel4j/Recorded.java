package io.github.flywheel4j;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The interactions of a stack. */
final class Recorded implements InteractionListener {

    private final List<Interaction> all = new CopyOnWriteArrayList<>();

    @Override
    public void onInteraction(Interaction interaction) {
        all.add(interaction);
    }

    /** All interactions, once no call is under way and the stack has delivered them; the stack is closed by this. */
    List<Interaction> of(ChatStack stack) {
        idle(stack);
        stack.close();
        return List.copyOf(all);
    }

    /** The one interaction of a stack that was called once. */
    Interaction only(ChatStack stack) {
        List<Interaction> interactions = of(stack);
        if (interactions.size() != 1) {
            throw new AssertionError("expected one interaction: " + interactions);
        }
        return interactions.get(0);
    }

    /** Waits until no call is under way: a leak fails here. */
    static void idle(ChatStack stack) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (stack.callsUnderWay() != 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError(stack.callsUnderWay() + " calls still under way after 20 s");
            }
            LockSupport.parkNanos(20_000);
        }
    }
}
