package dev.candor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final List<Option> KNOWN = List.of(
            new Option("rounds", "N", "Rounds.", "5"), new Option("spin", "on|off", "Spins.", "on"), new Option("streams", "N,N", "Streams.", "1,4"),
            Option.out(), Option.flag("quick", "Quick."));

    @Test
    void readsPairsFlagsAndFallsBack() {
        Options options = options("--rounds", "7", "--out=here", "--quick");

        assertThat(options.number("rounds")).isEqualTo(7);
        assertThat(options.text("out")).isEqualTo("here");
        assertThat(options.flag("quick")).isTrue();
        assertThat(options("--spin", "off").number("rounds")).isEqualTo(5);
        assertThat(options().number("rounds", 3)).isEqualTo(3);
        assertThat(options().given("rounds")).isEmpty();
        assertThat(options("--streams", "2, 8").numbers("streams")).containsExactly(2, 8);
    }

    @ParameterizedTest
    @CsvSource({"on, true", "true, true", "off, false", "false, false"})
    void anOptionIsOnOrOff(String word, boolean on) {
        assertThat(options("--spin", word).on("spin")).isEqualTo(on);
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> options("--rond", "7")).hasMessageContaining("--rond").hasMessageContaining("--rounds");
        assertThatThrownBy(() -> options("rounds")).hasMessageContaining("unknown option rounds");
        assertThatThrownBy(() -> options("--rounds")).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> options("--quick=yes")).hasMessageContaining("takes no value");
        assertThatThrownBy(() -> options("--rounds", "x").number("rounds")).hasMessageContaining("must be a number");
        assertThatThrownBy(() -> options("--spin", "maybe").on("spin")).hasMessageContaining("--spin must be on or off").hasMessageContaining("maybe");
        for (String wrong : List.of("", ",", "1,x", "0", "1,-4")) {
            assertThatThrownBy(() -> options("--streams", wrong).numbers("streams")).hasMessageContaining("--streams must be numbers");
        }
    }

    private static Options options(String... arguments) {
        return new Options(List.of(arguments), KNOWN);
    }

    @Test
    void percentilesAreOfTheNearestRank() {
        double[] values = {5, 1, 4, 2, 3};

        assertThat(Results.percentile(values, 0.5)).isEqualTo(3);
        assertThat(Results.percentile(values, 0.99)).isEqualTo(5);
        assertThat(Results.percentile(new double[] {9}, 0.5)).isEqualTo(9);
    }
}
