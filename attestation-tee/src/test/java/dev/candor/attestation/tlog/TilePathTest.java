package dev.candor.attestation.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
    @Test
    void pathsHaveTheFormOfTheSpecification() {
        assertThat(new TilePath(0, 1234067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(new TilePath(1, 67, 256).path()).isEqualTo("tile/1/067");
        assertThat(new TilePath(TilePath.ENTRIES, 1067, 5).path()).isEqualTo("tile/entries/x001/067.p/5");
    }

    @Test
    void aTreeOfSeventyThousandHasTheTilesOfTheSpecification() {
        assertThat(TilePath.at(0, 273, 70_000).width()).isEqualTo(112);
        assertThat(TilePath.at(0, 272, 70_000).isPartial()).isFalse();
        assertThat(TilePath.at(1, 1, 70_000).width()).isEqualTo(17);
        assertThat(TilePath.at(2, 0, 70_000).width()).isEqualTo(1);
        assertThat(TilePath.widthAt(0, 274, 70_000)).isZero();
    }

    @Test
    void everyPathReadsBackAsItself() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            long index = random.nextLong(Long.MAX_VALUE / 256) >>> random.nextInt(55);
            TilePath path = new TilePath(random.nextInt(9) - 1, index, 1 + random.nextInt(256));
            assertThat(TilePath.parse(path.path())).isEqualTo(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "tile", "tile/0/0", "tile/0/1000", "tile/0/x000/001", "tile/0/x001/x234", "tile/0/001.p/0", "tile/0/001.p/256",
        "tile/0/001.p/05", "tile/00/001", "tile/8/000", "tile/-1/000", "tile/0/../../log.key", "tile/0/x001/../001",
        "/tile/0/000", "tile/0/000/", "tile//0/000", "tile/entries/000.p/", "tile/entries/", "tile/data/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/\u0660\u0660\u0660", "checkpoint", "tile/0/000\n"
    })
    void anyOtherSpellingIsRefused(String path) {
        assertThatThrownBy(() -> TilePath.parse(path)).isInstanceOf(LogFormatException.class);
    }

    @Test
    void impossibleTilesCannotBeMade() {
        assertThatThrownBy(() -> new TilePath(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TilePath(0, 0, 257)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TilePath(-2, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TilePath(0, -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
