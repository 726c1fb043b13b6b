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
    void isHalfOfWhatTheMachineHasLeftBesideHeapAndReserve() {
        assertThat(sizing(OptionalLong.of(4300 * MB), 0).bytes(1000 * MB)).isEqualTo(1500 * MB);
    }

    @Test
    void isWhatTheOperatorSays() {
        assertThat(sizing(OptionalLong.of(4300 * MB), 77).bytes(0)).isEqualTo(77);
        assertThat(sizing(OptionalLong.of(10), 77).bytes(0)).isEqualTo(77);
    }

    @Test
    void isALittleOnAFullMachineAndLeftToTheEngineWhereNothingTells() {
        assertThat(sizing(OptionalLong.of(10 * MB), 0).bytes(1000 * MB)).isEqualTo(64 * MB);
        assertThat(sizing(OptionalLong.empty(), 0).bytes(0)).isZero();
    }

    private KvSizing sizing(OptionalLong available, long configured) {
        return new KvSizing(new MachineMemory(empty, available), configured);
    }
}
