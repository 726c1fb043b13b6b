package dev.candor.inference.engine.ort.cuda;

import dev.candor.inference.engine.ort.NativeSet;
import java.util.List;

/**
 * What a build of ONNX Runtime's CUDA provider wants of the system.
 *
 * @param profile   the Maven profile that builds with it
 * @param toolkit   where its libraries come from
 * @param libraries NVIDIA's, the runtime first, each before those that need it
 */
record CudaRequirements(String profile, String toolkit, List<String> libraries) {
    /** @throws IllegalArgumentException if the set has no CUDA provider */
    static CudaRequirements of(NativeSet natives) {
        return switch (natives) {
            case CUDA12 -> new CudaRequirements(
                    "cuda12", "CUDA toolkit 12", List.of("libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10"));
            case CUDA13 -> new CudaRequirements(
                    "cuda13",
                    "CUDA toolkit 13 and cuDNN 9",
                    List.of("libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcudnn.so.9"));
            case CPU -> throw new IllegalArgumentException("the libraries for the CPU want nothing of CUDA");
        };
    }

    String runtime() {
        return libraries.getFirst();
    }
}
