package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.engine.memory.MachineMemory;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvSizingTest {
    private static final long MB = 1L << 20;

    @TempDir
    private Path empty;

    @Test
    void isHalfOfWhatTheMachineHasLeftBesideHeapWeightsAndReserve() {
        assertThat(sizing(OptionalLong.of(4300 * MB), 800 * MB).total(0, 200 * MB, 2)).isEqualTo(1500 * MB);
    }

    @Test
    void isWhatTheOperatorSays() {
        assertThat(sizing(OptionalLong.of(4300 * MB), 0).total(77, 0, 1)).isEqualTo(77);
        assertThat(sizing(OptionalLong.of(10), 0).total(77, 5, 3)).isEqualTo(77);
    }

    @Test
    void isALittleForEachModelOnAFullMachineAndLeftToTheEngineWhereNothingTells() {
        assertThat(sizing(OptionalLong.of(10 * MB), 1000 * MB).total(0, 0, 3)).isEqualTo(3 * 64 * MB);
        assertThat(sizing(OptionalLong.empty(), 0).total(0, 0, 1)).isZero();
    }

    private KvSizing sizing(OptionalLong available, long heapGrowth) {
        return new KvSizing(new MachineMemory(empty, available), heapGrowth);
    }
}
