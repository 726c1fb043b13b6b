package dev.candor.inference.config;

/**
 * The bounds on what requests may take.
 *
 * @param maxBody       bytes of a request body
 * @param maxTensorBody bytes of a request body that holds tensors, and of the tensors in an answer
 * @param maxQueue      requests that may wait for a place in the batch
 * @param maxConcurrent sequences at work at once
 * @param context       tokens of prompt and answer together; 0 for the model's own
 * @param maxBacklog    bytes of an answer that a slow client may leave unread before it is dropped
 * @param kvMemory      bytes of keys and values of all chat models together; 0 to go by what the machine has left
 * @param maxDisk       bytes that the node's own state may take on disk
 */
public record Limits(int maxBody, int maxTensorBody, int maxQueue, int maxConcurrent, int context, long kvMemory, int maxBacklog, long maxDisk) {
    /** @throws ConfigException if a bound is not positive */
    public Limits {
        positive("--max-body", maxBody);
        positive("--max-tensor-body", maxTensorBody);
        positive("--max-queue", maxQueue);
        positive("--max-concurrent", maxConcurrent);
        positive("--max-backlog", maxBacklog);
        positive("--max-disk", maxDisk);
        if (kvMemory < 0) {
            throw new ConfigException("--kv-memory must not be negative, got " + kvMemory);
        }
        if (context < 0) {
            throw new ConfigException("--context must not be negative, got " + context);
        }
    }

    private static void positive(String option, long value) {
        if (value <= 0) {
            throw new ConfigException(option + " must be positive, got " + value);
        }
    }
}
