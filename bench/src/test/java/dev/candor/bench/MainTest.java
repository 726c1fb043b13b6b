package dev.candor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"decode", "gpu", "peers", "profile", "proof", "replay"})
    void everyBenchmarkExplainsItsOptionsAndRunsNothing(String name) {
        assertThat(run(name, "--rounds", "1", "--help")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Usage: candor bench " + name + " [options]")
                .contains("--out DIR", "Default: bench/results.")
                .doesNotContain("Default: .");
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(130));
        assertThat(err.size()).isZero();
    }

    @Test
    void namesAllBenchmarksWhenAskedForHelpOrForOneThatThereIsNot() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("decode ", "gpu ", "peers ", "profile ", "proof ", "replay ", "NAME --help");

        assertThat(run()).isEqualTo(2);
        assertThat(run("speed")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no benchmark speed", "decode ");
    }

    @Test
    void refusesWhatNoOptionIs() {
        assertThat(run("decode", "--spn", "on")).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("candor bench decode: unknown option --spn").contains("--spin");
    }

    private int run(String... words) {
        return Main.run(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
