package dev.candor.inference.engine.cache;

import dev.candor.inference.engine.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keys and values of prompts that may come again, in blocks of {@value BlockChain#BLOCK} tokens; the block that was used longest ago goes
 * first. The memory of a block exists only while the block does. Not thread-safe.
 */
public final class PrefixCache implements AutoCloseable {
    private final long blockBytes;
    private final int capacity;
    private final NativeMemory memory = new NativeMemory();
    private final MemorySegment blocks;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final LinkedHashMap<BlockKey, Integer> places = new LinkedHashMap<>(16, 0.75f, true);
    private int fresh;

    /**
     * @param blockBytes bytes of a block
     * @param capacity   blocks at most; 0 to keep nothing
     * @throws IllegalArgumentException if the system does not reserve as much
     */
    public PrefixCache(long blockBytes, int capacity) {
        this.blockBytes = blockBytes;
        this.capacity = capacity;
        this.blocks = reserve();
    }

    private MemorySegment reserve() {
        try {
            return capacity == 0 ? MemorySegment.NULL : memory.allocate(blockBytes * capacity);
        } catch (OutOfMemoryError e) {
            throw new IllegalArgumentException(
                    "the system does not reserve " + blockBytes * capacity + " bytes for cached prompts: allow less memory for keys and values", e);
        }
    }

    public int capacity() {
        return capacity;
    }

    public int size() {
        return places.size();
    }

    /** What was kept of a sequence's block, for reading until the next change. */
    public Optional<MemorySegment> find(BlockChain chain, int[] tokens, int block) {
        return capacity == 0 ? Optional.empty() : Optional.ofNullable(places.get(chain.key(tokens, block))).map(this::at);
    }

    /** Whether a block is there, which counts as a use of it. */
    public boolean holds(BlockChain chain, int[] tokens, int block) {
        return find(chain, tokens, block).isPresent();
    }

    /** Memory for a block that is not there yet, to be filled by the caller; in a full cache, another block's. @throws IllegalStateException if the capacity is 0 */
    public MemorySegment add(BlockChain chain, int[] tokens, int block) {
        if (capacity == 0) {
            throw new IllegalStateException("this cache keeps nothing");
        }
        if (places.size() == capacity) {
            dropOldest();
        }
        int place = free.isEmpty() ? fresh++ : free.pop();
        places.put(chain.key(tokens, block), place);
        return at(place);
    }

    /** Counts the use of a sequence's first blocks such that of them, the last will be dropped first: it is worth nothing without the others. */
    public void touch(BlockChain chain, int[] tokens, int count) {
        for (int block = count - 1; block >= 0; block--) {
            places.get(chain.key(tokens, block));
        }
    }

    /** Gives the memory of the block that was used longest ago back. @return false if there is none */
    public boolean dropOldest() {
        Map.Entry<BlockKey, Integer> oldest = places.firstEntry();
        if (oldest == null) {
            return false;
        }
        places.remove(oldest.getKey());
        free.push(oldest.getValue());
        memory.giveBack(at(oldest.getValue()));
        return true;
    }

    private MemorySegment at(int place) {
        return blocks.asSlice(place * blockBytes, blockBytes);
    }

    @Override
    public void close() {
        memory.close();
    }
}
