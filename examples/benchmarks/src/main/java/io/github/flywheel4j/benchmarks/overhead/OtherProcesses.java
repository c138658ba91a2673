package io.github.flywheel4j.benchmarks.overhead;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much of the machine other processes used, which says whether a run is worth anything: on a busy machine the
 * percentiles of a load are those of the scheduler. Stateful, for one thread.
 */
final class OtherProcesses {

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    OtherProcesses() {
        shareSinceLastAsked();
    }

    /** The share of all processors, 0 to 1, since this was last asked or, at first, since it was created. */
    double shareSinceLastAsked() {
        // Both are negative where the system does not tell.
        double all = system.getCpuLoad();
        double own = system.getProcessCpuLoad();
        return Math.max(0, all - Math.max(0, own));
    }

    /** The system's load average of the last minute; negative where it does not tell. */
    double loadAverage() {
        return system.getSystemLoadAverage();
    }
}
