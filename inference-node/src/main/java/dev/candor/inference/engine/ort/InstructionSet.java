package dev.candor.inference.engine.ort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The CPU's instruction sets between which ONNX Runtime's matrix kernels choose, and with them the last bits of a result. */
public final class InstructionSet {
    private static final List<String> DECIDING =
            List.of("avx2", "avx_vnni", "avx512f", "avx512_vnni", "amx_int8", "asimddp", "i8mm", "sve");

    private InstructionSet() {}

    /** For example {@code amd64+avx2+avx512f+avx512_vnni}; the bare architecture where the system does not tell more. */
    public static String detect() {
        String arch = System.getProperty("os.arch");
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                    .findFirst()
                    .map(line -> describe(arch, line))
                    .orElse(arch);
        } catch (IOException | java.io.UncheckedIOException e) {
            return arch;
        }
    }

    static String describe(String arch, String flags) {
        Set<String> present = new HashSet<>(Arrays.asList(flags.split("\\s+")));
        return Stream.concat(Stream.of(arch), DECIDING.stream().filter(present::contains)).collect(Collectors.joining("+"));
    }
}
