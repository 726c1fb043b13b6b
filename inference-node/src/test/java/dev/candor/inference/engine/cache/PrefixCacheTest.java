package dev.candor.inference.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {
    private static final int BLOCK_BYTES = 8192;

    private final int[] tokens = new Random(1).ints(640, 0, 50_000).toArray();

    @Test
    void givesBackWhatWasPutIn() {
        try (PrefixCache cache = new PrefixCache(BLOCK_BYTES, 4)) {
            BlockChain chain = new BlockChain("model", "");
            for (int block = 0; block < 4; block++) {
                cache.add(chain, tokens, block).fill((byte) (block + 1));
            }
            BlockChain same = new BlockChain("model", "");
            for (int block = 0; block < 4; block++) {
                MemorySegment kept = cache.find(same, tokens, block).orElseThrow();
                assertThat(kept.byteSize()).isEqualTo(BLOCK_BYTES);
                assertThat(kept.get(ValueLayout.JAVA_BYTE, BLOCK_BYTES - 1)).isEqualTo((byte) (block + 1));
            }
            assertThat(cache.holds(same, tokens, 4)).isFalse();
        }
    }

    @Test
    void tellsModelsSaltsAndAllEarlierTokensApart() {
        try (PrefixCache cache = new PrefixCache(BLOCK_BYTES, 4)) {
            cache.add(new BlockChain("model", "salt"), tokens, 1);
            int[] other = tokens.clone();
            other[3]++;

            assertThat(cache.holds(new BlockChain("model", "salt"), tokens, 1)).isTrue();
            assertThat(cache.holds(new BlockChain("model", "salt"), other, 1)).isFalse();
            assertThat(cache.holds(new BlockChain("model", ""), tokens, 1)).isFalse();
            assertThat(cache.holds(new BlockChain("mode", "lsalt"), tokens, 1)).isFalse();
            assertThat(cache.holds(new BlockChain("model", "salt"), tokens, 0)).isFalse();
        }
    }

    @Test
    void dropsWhatWasUsedLongestAgoAndOfAChainItsEndFirst() {
        try (PrefixCache cache = new PrefixCache(BLOCK_BYTES, 3)) {
            BlockChain first = new BlockChain("model", "a");
            BlockChain second = new BlockChain("model", "b");
            cache.add(first, tokens, 0);
            cache.add(first, tokens, 1);
            cache.touch(first, tokens, 2);
            cache.add(second, tokens, 0);
            cache.add(second, tokens, 1);

            assertThat(cache.size()).isEqualTo(3);
            assertThat(cache.holds(first, tokens, 1)).isFalse();
            assertThat(cache.holds(first, tokens, 0)).isTrue();
            assertThat(cache.dropOldest()).isTrue();
            assertThat(cache.holds(second, tokens, 0)).isFalse();
        }
    }

    @Test
    void aDroppedBlocksMemoryIsReused() {
        try (PrefixCache cache = new PrefixCache(BLOCK_BYTES, 2)) {
            BlockChain chain = new BlockChain("model", "");
            for (int block = 0; block < 10; block++) {
                cache.add(chain, tokens, block).fill((byte) 9);
            }
            assertThat(cache.size()).isEqualTo(2);
            assertThat(cache.holds(chain, tokens, 9)).isTrue();
            while (cache.dropOldest()) {
                assertThat(cache.size()).isLessThan(2);
            }
            assertThat(cache.add(chain, tokens, 0).get(ValueLayout.JAVA_BYTE, 100)).as("given back in between").isZero();
        }
    }

    @Test
    void withoutCapacityKeepsNothing() {
        try (PrefixCache cache = new PrefixCache(BLOCK_BYTES, 0)) {
            BlockChain chain = new BlockChain("model", "");

            assertThat(cache.holds(chain, tokens, 0)).isFalse();
            assertThat(cache.dropOldest()).isFalse();
            assertThatThrownBy(() -> cache.add(chain, tokens, 0)).isInstanceOf(IllegalStateException.class);
        }
    }
}
