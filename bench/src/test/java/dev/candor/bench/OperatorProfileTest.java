package dev.candor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.bench.OperatorProfile.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorProfileTest {
    @TempDir
    private Path folder;

    @Test
    void sumsOperatorsOfTheChosenRunsAndNoBranchTwice() throws Exception {
        Path trace = Files.writeString(folder.resolve("trace.json"), "["
                + event("model_run", 0, 9000, "") + "," + event("a_kernel_time", 10, 8000, "MatMul") + ","
                + event("model_run", 10_000, 2000, "") + "," + event("b_kernel_time", 10_100, 1500, "If") + ","
                + event("c_kernel_time", 10_200, 1200, "MatMul") + "," + event("c_fence_before", 10_190, 7, "MatMul") + ","
                + event("model_run", 13_000, 1000, "") + "," + event("d_kernel_time", 13_100, 300, "Add") + "]");

        OperatorProfile profile = OperatorProfile.read(trace);
        Phase last = profile.phase(1, 2);

        assertThat(profile.runs()).isEqualTo(3);
        assertThat(last.millis()).isEqualTo(1.5);
        assertThat(last.operators()).containsExactly(Map.entry("MatMul", 0.6), Map.entry("Add", 0.15));
        assertThat(last.outside()).isEqualTo(0.75);
    }

    @Test
    void refusesWhatIsNoTrace() throws Exception {
        Path trace = Files.writeString(folder.resolve("trace.json"), "[{\"name\":");

        assertThatThrownBy(() -> OperatorProfile.read(trace)).isInstanceOfAny(IOException.class, RuntimeException.class);
    }

    private static String event(String name, long begin, long micros, String operator) {
        return "{\"name\":\"%s\",\"ts\":%d,\"dur\":%d,\"args\":{\"op_name\":\"%s\"}}".formatted(name, begin, micros, operator);
    }
}
