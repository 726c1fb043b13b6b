package dev.candor.inference.node;

import com.sun.management.OperatingSystemMXBean;
import dev.candor.inference.engine.memory.MachineMemory;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much memory all chat models of a node together may take for keys and values: what the operator says, or half of what the machine has left beside
 * the heap and the models' weights. An engine takes no more of its part than its slots and its prefix cache can use.
 */
final class KvSizing {
    private static final System.Logger LOG = System.getLogger(KvSizing.class.getName());
    /** For code, thread stacks, ONNX Runtime's work space and what else is not counted. */
    private static final long RESERVE = 300L << 20;
    /** Of each chat model, on a machine that has nothing left. */
    private static final long LEAST = 64L << 20;

    private final MachineMemory machine;
    private final long heapGrowth;

    /** @param heapGrowth bytes that the heap may still take */
    KvSizing(MachineMemory machine, long heapGrowth) {
        this.machine = machine;
        this.heapGrowth = heapGrowth;
    }

    static KvSizing ofSystem() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Runtime java = Runtime.getRuntime();
        return new KvSizing(
                new MachineMemory(Path.of("/"), OptionalLong.of(system.getFreeMemorySize())), java.maxMemory() - java.totalMemory());
    }

    /**
     * Bytes; 0 where neither operator nor machine tells.
     *
     * @param configured bytes that the operator says; 0 to go by the machine
     * @param weights    bytes of the files of models that are not loaded yet
     * @param chatModels how many there are
     */
    long total(long configured, long weights, int chatModels) {
        OptionalLong available = machine.available();
        if (configured > 0) {
            if (available.isPresent() && configured > available.getAsLong() - weights) {
                LOG.log(System.Logger.Level.WARNING, "--kv-memory allows " + (configured >> 20) + " MiB, and beside the models the machine has "
                        + (Math.max(0, available.getAsLong() - weights) >> 20) + " MiB left: it may run out of memory");
            }
            return configured;
        }
        return available.isEmpty() ? 0 : Math.max(LEAST * chatModels, (available.getAsLong() - heapGrowth - RESERVE - weights) / 2);
    }
}
