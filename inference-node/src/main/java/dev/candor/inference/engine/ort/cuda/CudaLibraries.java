package dev.candor.inference.engine.ort.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens shared libraries by name: by the system's search first, then in the folders where CUDA is usually installed. What is opened stays
 * loaded, so that ONNX Runtime's provider, which asks by the same names, finds it too.
 */
final class CudaLibraries {
    private final List<Path> folders;

    CudaLibraries(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** Those that {@code CUDA_HOME} and {@code CUDA_PATH} name, and the usual ones. */
    static CudaLibraries system(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String home = environment.get(variable);
            if (home != null && !home.isBlank()) {
                folders.add(Path.of(home, "lib64"));
            }
        }
        for (String folder : List.of("/usr/local/cuda/lib64", "/usr/local/cuda-13/lib64", "/usr/local/cuda-12/lib64")) {
            folders.add(Path.of(folder));
        }
        return new CudaLibraries(folders);
    }

    /** @param name for example {@code libcudart.so.12} */
    Optional<SymbolLookup> open(String name) {
        return open(name, () -> SymbolLookup.libraryLookup(name, Arena.global())).or(() -> folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst()
                .flatMap(file -> open(name, () -> SymbolLookup.libraryLookup(file, Arena.global()))));
    }

    private static Optional<SymbolLookup> open(String name, java.util.function.Supplier<SymbolLookup> loader) {
        try {
            return Optional.of(loader.get());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
