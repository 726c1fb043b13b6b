package dev.candor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.hub.importer.ModelForm;
import dev.candor.inference.engine.ort.device.DevicePreference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCommandTest {
    @TempDir
    private Path folder;

    @Test
    void runsAllOfItWithoutAGpuOnAToy() throws Exception {
        Path results = folder.resolve("results");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<String> arguments = List.of("--device", "cpu", "--toy", "--graphs", "both", "--forms", "fp16,q8f16", "--out", results.toString());

        GpuCommand.run(arguments, folder, new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("ONNX Runtime", "B1", "B4", "pp128", "fp16", "q8f16").doesNotContain("not measured");
        JsonNode rows = new ObjectMapper().readTree(only(results, ".json").toFile()).path("rows");
        assertThat(rows).hasSize(4).allSatisfy(row -> {
            assertThat(row.path("decodeStepMillis").path("4").asDouble()).isPositive();
            assertThat(row.path("prefillMillis").path("64").asDouble()).isPositive();
            assertThat(row.path("nodesElsewhere")).isEmpty();
        });
        assertThat(rows.get(1).path("determinism").asText()).contains("/fp16/gqa+graphs/graph-");
    }

    @Test
    void saysInOneLineWhatIsMissingWhereThereIsNoGpu() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "there is a GPU here");

        assertThatThrownBy(() -> GpuCommand.run(List.of("--toy"), folder, System.out))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("no GPU can be used: ")
                .hasMessageContaining("driver")
                .message()
                .hasLineCount(1);
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        List<String> arguments = List.of("--device", "cpu", "--toy", "--models", "demo", "--out", folder.toString());
        assertThatThrownBy(() -> GpuCommand.run(arguments, folder, System.out)).hasMessageContaining("run ./candor up once");
        List<String> unknown = List.of("--device", "cpu", "--models", "gpt-9");
        assertThatThrownBy(() -> GpuCommand.run(unknown, folder, System.out)).hasMessageContaining("gpt-9").hasMessageContaining("qwen3-0.6b");
    }

    @Test
    void plansAndRefusesWhatMakesNoSense() {
        GpuPlan plan = GpuPlan.parse(List.of());
        assertThat(plan.device()).isEqualTo(DevicePreference.AUTO);
        assertThat(plan.streams()).containsExactly(1, 4, 8, 32, 64);
        assertThat(plan.prompts()).containsExactly(512, 2048);
        assertThat(plan.forms()).containsExactly(ModelForm.FP16, ModelForm.Q8F16, ModelForm.Q4F16);
        assertThat(plan.graphs()).containsExactly(false, true);
        assertThat(plan.length()).isEqualTo(2048);
        assertThat(plan.slots()).isEqualTo(64);

        assertThatThrownBy(() -> GpuPlan.parse(List.of("--device", "tpu"))).hasMessageContaining("tpu").hasMessageContaining("auto, cpu, cuda");
        assertThatThrownBy(() -> GpuPlan.parse(List.of("--graphs", "maybe"))).hasMessageContaining("maybe");
        assertThatThrownBy(() -> GpuPlan.parse(List.of("--streams", "0"))).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> GpuPlan.parse(List.of("--streams", "1,x"))).hasMessageContaining("numbers");
        assertThatThrownBy(() -> GpuPlan.parse(List.of("--forms", "fp8"))).hasMessageContaining("fp8");
        assertThatThrownBy(() -> GpuPlan.parse(List.of("--models", ","))).hasMessageContaining("empty");
    }

    private static Path only(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).findFirst().orElseThrow();
        }
    }
}
