package dev.candor.inference.node;

import dev.candor.inference.engine.memory.MachineMemory;
import java.util.OptionalLong;

/**
 * How much memory a chat model may take for keys and values: what the operator says, or half of what the machine has left beside the heap.
 * The engine takes no more of it than its slots and its prefix cache can use.
 */
final class KvSizing {
    private static final System.Logger LOG = System.getLogger(KvSizing.class.getName());
    /** For code, thread stacks, ONNX Runtime's work space and what else is not counted. */
    private static final long RESERVE = 300L << 20;
    private static final long LEAST = 64L << 20;

    private final MachineMemory machine;
    private final long configured;

    /** @param configured bytes; 0 to go by the machine */
    KvSizing(MachineMemory machine, long configured) {
        this.machine = machine;
        this.configured = configured;
    }

    /** Bytes; 0 where neither operator nor machine tells. @param heapGrowth bytes that the heap may still take */
    long bytes(long heapGrowth) {
        OptionalLong available = machine.available();
        if (configured > 0) {
            if (available.isPresent() && configured > available.getAsLong()) {
                LOG.log(System.Logger.Level.WARNING, "--kv-memory allows " + configured + " bytes, and the machine has "
                        + available.getAsLong() + " left: it may run out of memory");
            }
            return configured;
        }
        return available.isEmpty() ? 0 : Math.max(LEAST, (available.getAsLong() - heapGrowth - RESERVE) / 2);
    }
}
