package dev.candor.inference.engine.ort.cuda;

import java.util.List;

/**
 * Builds of ONNX Runtime's CUDA provider, and the libraries of NVIDIA's that each wants, in the order in which they need one another.
 */
public enum CudaFlavour {
    /** Microsoft's, {@code com.microsoft.onnxruntime:onnxruntime_gpu}. */
    CUDA12("cuda12", "libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10"),
    /** JavaCPP's, {@code org.bytedeco:onnxruntime}. */
    CUDA13("cuda13", "libcudart.so.13", "libcublasLt.so.13", "libcublas.so.13", "libcudnn.so.9");

    private final String profile;
    private final String runtime;
    private final List<String> libraries;

    CudaFlavour(String profile, String... libraries) {
        this.profile = profile;
        this.runtime = libraries[0];
        this.libraries = List.of(libraries);
    }

    /** The Maven profile that builds with it. */
    public String profile() {
        return profile;
    }

    /** The library of the CUDA runtime. */
    String runtime() {
        return runtime;
    }

    List<String> libraries() {
        return libraries;
    }
}
