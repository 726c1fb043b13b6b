package dev.candor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void readsPairsAndFallsBack() {
        Options options = new Options(List.of("--rounds", "7"), Set.of("rounds", "out"));

        assertThat(options.number("rounds", 5)).isEqualTo(7);
        assertThat(options.text("out", "here")).isEqualTo("here");
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> new Options(List.of("--rond", "7"), Set.of("rounds"))).hasMessageContaining("--rond").hasMessageContaining("--rounds");
        assertThatThrownBy(() -> new Options(List.of("--rounds"), Set.of("rounds"))).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> new Options(List.of("--rounds", "x"), Set.of("rounds")).number("rounds", 1)).hasMessageContaining("must be a number");
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        double[] values = {5, 1, 4, 2, 3};

        assertThat(Results.percentile(values, 0.5)).isEqualTo(3);
        assertThat(Results.percentile(values, 0.99)).isEqualTo(5);
        assertThat(Results.percentile(new double[] {9}, 0.5)).isEqualTo(9);
    }
}
