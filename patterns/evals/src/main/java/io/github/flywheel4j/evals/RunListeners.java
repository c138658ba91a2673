package io.github.flywheel4j.evals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who watch a run; one that throws does it no harm. Not thread-safe: the run tells one thing at a time. */
final class RunListeners {

    private static final Logger LOG = LoggerFactory.getLogger(RunListeners.class);

    private final List<RunListener> listeners;
    private final Set<RunListener> failed = new HashSet<>();

    RunListeners(List<RunListener> listeners) {
        this.listeners = listeners;
    }

    void tell(Consumer<RunListener> event) {
        for (RunListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                if (failed.add(listener)) {
                    LOG.warn(
                            "run listener {} threw {}; the run goes on, further failures of it are not logged",
                            listener.getClass().getName(),
                            e.getClass().getName(),
                            e);
                }
            }
        }
    }
}
