package dev.candor.inference.node;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many cores other processes keep busy, measured from when it is made: while a node reads its models. The load average would still count what
 * ended a minute ago, such as the build of this program.
 */
final class ForeignLoad {
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    ForeignLoad() {
        busyCores();
    }

    /** Cores' worth of work of others since the last call; negative where the system does not tell. */
    double busyCores() {
        double all = system.getCpuLoad();
        double own = system.getProcessCpuLoad();
        return all >= 0 && own >= 0 ? Math.max(0, all - own) * system.getAvailableProcessors() : -1;
    }
}
