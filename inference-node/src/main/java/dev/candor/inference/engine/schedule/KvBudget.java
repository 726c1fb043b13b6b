package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.ModelRunner;
import dev.candor.inference.engine.cache.BlockChain;

/**
 * How the memory for keys and values is divided.
 *
 * @param blockBytes    bytes of a block in all layers
 * @param blocks        blocks of slots and prefix cache together
 * @param cacheBlocks   blocks of the prefix cache at most
 * @param contextLength tokens of a sequence at most: one that is alone must fit twice, since some runners copy it when it starts to decode, and
 *                      so that no sequence keeps all others out
 */
record KvBudget(long blockBytes, int blocks, int cacheBlocks, int contextLength) {
    private static final int LEAST_BLOCKS = 4;

    /** @throws IllegalArgumentException if the options leave too little for any sequence */
    static KvBudget of(ModelRunner runner, EngineOptions options) {
        int context = runner.info().contextLength();
        long blockBytes = BlockChain.BLOCK * runner.kvBytesPerToken();
        long all = 2L * (runner.info().slots() + runner.stagingSlots()) * KvMemory.blocks(context);
        long blocks = options.kvBytes() == 0 ? all : Math.min(all, options.kvBytes() / blockBytes);
        if (blocks < LEAST_BLOCKS) {
            throw new IllegalArgumentException("the memory for keys and values is too small: " + options.kvBytes() + " bytes, where "
                    + LEAST_BLOCKS * blockBytes + " are the least for " + LEAST_BLOCKS / 2 * BlockChain.BLOCK + " tokens of this model: raise --kv-memory, which the node's chat models share, or serve fewer of them");
        }
        int total = (int) Math.min(blocks, Integer.MAX_VALUE);
        int longest = (int) Math.min(context, total / 2L * BlockChain.BLOCK);
        return new KvBudget(blockBytes, total, options.prefixCache() ? total / 2 : 0, longest);
    }
}
