package dev.candor.inference.engine.ort.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.engine.ort.NativeSet;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaProbeTest {
    private static final Set<String> TWELVE = Set.of("libcuda.so.1", "libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10");

    @TempDir
    private Path folder;

    @Test
    void findsTheGpuWhereEverythingIsThere() {
        try (FakeCuda cuda = new FakeCuda()) {
            CudaStatus status = new CudaProbe(NativeSet.CUDA12, having(TWELVE, cuda)).probe();

            assertThat(status).isInstanceOfSatisfying(CudaStatus.Usable.class, usable -> {
                assertThat(usable.gpus()).containsExactly(new CudaGpu(0, "NVIDIA Test/GPU 80GB", 9, 0, 80L << 30, "12.8"));
                try (CudaDevice device = usable.opener().open(usable.gpus().getFirst())) {
                    assertThat(device.provider()).isEqualTo("cuda");
                }
            });
            assertThat(cuda.open()).isZero();
        }
    }

    @Test
    void namesAllThatIsMissingAtOnce() {
        CudaStatus status = new CudaProbe(NativeSet.CUDA13, name -> Optional.empty()).probe();

        assertThat(status).isInstanceOfSatisfying(CudaStatus.Missing.class, missing -> {
            assertThat(missing.driver()).isFalse();
            assertThat(missing.text())
                    .contains("no NVIDIA driver (libcuda.so.1)")
                    .contains("libcudart.so.13, libcublasLt.so.13, libcublas.so.13, libcudnn.so.9")
                    .contains("CUDA toolkit 13 and cuDNN 9");
        });
    }

    @Test
    void saysThatABuildForTheCpuHasNoProvider() {
        try (FakeCuda cuda = new FakeCuda()) {
            assertThat(missing(NativeSet.CPU, having(TWELVE, cuda)))
                    .satisfies(missing -> assertThat(missing.driver()).isTrue())
                    .satisfies(missing -> assertThat(missing.missing()).singleElement().asString().contains("Maven profile cuda12 or cuda13"));
        }
    }

    @Test
    void saysThatADriverSeesNoGpuOrCannotStart() {
        try (FakeCuda cuda = new FakeCuda().withDevices(0)) {
            assertThat(missing(NativeSet.CUDA12, having(TWELVE, cuda)).text()).contains("sees no GPU");
        }
        try (FakeCuda cuda = new FakeCuda().withDevices(-1)) {
            assertThat(missing(NativeSet.CUDA12, having(TWELVE, cuda)).text()).contains("cuInit").contains("100");
        }
    }

    @Test
    void saysThatALibraryIsNotWhatItsNameSays() {
        SymbolLookup something = Linker.nativeLinker().defaultLookup();
        try (FakeCuda cuda = new FakeCuda()) {
            Function<String, Optional<SymbolLookup>> wrongRuntime =
                    name -> name.startsWith("libcudart") ? Optional.of(something) : having(TWELVE, cuda).apply(name);
            assertThat(missing(NativeSet.CUDA12, wrongRuntime).text()).contains("libcudart.so.12 is not the CUDA runtime");
            Function<String, Optional<SymbolLookup>> wrongDriver =
                    name -> name.equals("libcuda.so.1") ? Optional.of(something) : having(TWELVE, cuda).apply(name);
            assertThat(missing(NativeSet.CUDA12, wrongDriver).text()).contains("driver cannot be used");
        }
    }

    @Test
    void opensLibrariesFromTheFoldersOfCuda() throws Exception {
        Path library = Files.createDirectory(folder.resolve("lib64")).resolve("libcandor-test.so.1");
        Path real = Path.of("/proc/self/maps");
        Assumptions.assumeTrue(Files.exists(real), "no /proc here");
        Path math = Files.readAllLines(real).stream()
                .filter(line -> line.contains("libm.so") || line.contains("libm-"))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .findFirst()
                .orElseThrow();
        Files.copy(math, library);

        assertThat(CudaLibraries.system(Map.of("CUDA_HOME", folder.toString())).open("libcandor-test.so.1")).isPresent();
        assertThat(new CudaLibraries(List.of(folder)).open("libcandor-test.so.1")).isEmpty();
        assertThat(SymbolLookup.libraryLookup(library, Arena.global()).find("cos")).isPresent();
    }

    private static CudaStatus.Missing missing(NativeSet natives, Function<String, Optional<SymbolLookup>> libraries) {
        return (CudaStatus.Missing) new CudaProbe(natives, libraries).probe();
    }

    private static Function<String, Optional<SymbolLookup>> having(Set<String> names, FakeCuda cuda) {
        return name -> names.contains(name) ? Optional.of(cuda.library()) : Optional.empty();
    }
}
