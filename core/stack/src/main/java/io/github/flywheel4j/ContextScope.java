package io.github.flywheel4j;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A context that holds on one thread until it is closed; see {@link CallContext#open}. It belongs to the thread that
 * opened it: another thread neither sees nor closes it.
 */
public final class ContextScope implements AutoCloseable {

    private static final ThreadLocal<@Nullable ContextScope> CURRENT = new ThreadLocal<>();

    private final CallContext context;
    private final @Nullable ContextScope outer;
    private final List<AnswerInfo> answers = new ArrayList<>(1);
    private final List<Interaction> interactions = new ArrayList<>(1);
    private final boolean isOneTurn;
    private @Nullable String turn;
    private boolean idTaken;

    ContextScope(CallContext context, boolean isOneTurn) {
        this.context = context;
        this.isOneTurn = isOneTurn;
        this.turn = context.turn();
        this.outer = CURRENT.get();
        CURRENT.set(this);
    }

    /** The context that holds in this scope. */
    public CallContext context() {
        return context;
    }

    /** Closes the scope; the one it was opened in holds again. */
    @Override
    public void close() {
        if (CURRENT.get() != this) {
            return; // closed before, or on another thread: nothing of ours to undo there
        }
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    static @Nullable ContextScope current() {
        return CURRENT.get();
    }

    /** The context for the next call: only the first one gets the interaction id. */
    CallContext forOneCall() {
        if (context.interactionId() == null) {
            return context;
        }
        UUID id = takeInteractionId();
        return id != null ? context : context.toBuilder().interactionId(null).build();
    }

    @Nullable
    UUID takeInteractionId() {
        UUID id = idTaken ? null : context.interactionId();
        idTaken = true;
        return id;
    }

    /** The turn of an AI service's invocation in this scope: a nested one belongs to the turn of the one around it. */
    String turnOf(UUID invocation) {
        String known = turn;
        if (known != null) {
            return known;
        }
        String own = invocation.toString();
        if (isOneTurn) {
            turn = own;
        }
        return own;
    }

    void answered(AnswerInfo info) {
        answers.add(info);
    }

    /** Whether somebody will ask for the interactions of this scope. */
    boolean wantsInteractions() {
        return isOneTurn;
    }

    void happened(Interaction interaction) {
        interactions.add(interaction);
    }

    List<Interaction> interactions() {
        return List.copyOf(interactions);
    }

    List<AnswerInfo> answers() {
        return List.copyOf(answers);
    }
}
