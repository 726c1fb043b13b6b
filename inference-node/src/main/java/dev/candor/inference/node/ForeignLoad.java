package dev.candor.inference.node;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * How many cores processes other than this one and those it has started keep busy, measured from when it is made: while a node reads its models. The
 * load average would still count what ended a minute ago, such as the build of this program.
 */
final class ForeignLoad {
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private long at;
    private Duration children = Duration.ZERO;

    ForeignLoad() {
        busyCores();
    }

    /** Cores' worth of work of others since the last call; negative where the system does not tell. */
    synchronized double busyCores() {
        double all = system.getCpuLoad();
        double own = system.getProcessCpuLoad();
        double started = startedCores();
        return all >= 0 && own >= 0 ? Math.max(0, (all - own) * system.getAvailableProcessors() - started) : -1;
    }

    /** Cores' worth of work of processes that this one has started. */
    private double startedCores() {
        Duration before = children;
        long since = at;
        at = System.nanoTime();
        children = ProcessHandle.current().descendants()
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
        return since == 0 ? 0 : Math.max(0.0, children.minus(before).toNanos()) / (at - since);
    }
}
