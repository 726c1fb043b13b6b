package dev.candor.inference.engine.ort;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Builds of ONNX Runtime's native libraries that can be on the class path, the most capable first. */
public enum NativeSet {
    /** {@code com.microsoft.onnxruntime:onnxruntime_gpu}, for CUDA 12. */
    CUDA12,
    /** {@code org.bytedeco:onnxruntime} with classifier {@code linux-x86_64-gpu}, for CUDA 13. */
    CUDA13,
    /** {@code com.microsoft.onnxruntime:onnxruntime}. */
    CPU;

    private static final String JAVACPP = "org/bytedeco/onnxruntime/linux-x86_64-gpu/";
    private static final String CUDA_PROVIDER = "libonnxruntime_providers_cuda.so";
    private static final String SHARED_PROVIDER = "libonnxruntime_providers_shared.so";

    /**
     * A library to unpack.
     *
     * @param file the name it must have: the Java interface asks for names without version
     */
    record Source(URL resource, String file) {}

    /** The set that this build has. */
    public static NativeSet onClassPath() {
        return of(NativeSet.class.getClassLoader());
    }

    /** The set that a class loader has. */
    static NativeSet of(ClassLoader loader) {
        if (loader.getResource(JAVACPP + CUDA_PROVIDER) != null) {
            return CUDA13;
        }
        return loader.getResource(microsoft() + CUDA_PROVIDER) != null ? CUDA12 : CPU;
    }

    /** The libraries of the set, the main one first; empty if the class loader lacks one for this system. */
    Optional<List<Source>> sources(ClassLoader loader) {
        String main = System.mapLibraryName("onnxruntime");
        String binding = microsoft() + System.mapLibraryName("onnxruntime4j_jni");
        List<Source> sources = new ArrayList<>();
        boolean complete = switch (this) {
            case CPU -> add(loader, sources, microsoft() + main, main) && add(loader, sources, binding, fileOf(binding));
            case CUDA12 -> add(loader, sources, microsoft() + main, main)
                    && add(loader, sources, binding, fileOf(binding))
                    && add(loader, sources, microsoft() + SHARED_PROVIDER, SHARED_PROVIDER)
                    && add(loader, sources, microsoft() + CUDA_PROVIDER, CUDA_PROVIDER);
            case CUDA13 -> add(loader, sources, JAVACPP + "libonnxruntime.so.1", main)
                    && add(loader, sources, binding, fileOf(binding))
                    && add(loader, sources, JAVACPP + SHARED_PROVIDER, SHARED_PROVIDER)
                    && add(loader, sources, JAVACPP + CUDA_PROVIDER, CUDA_PROVIDER);
        };
        return complete ? Optional.of(sources) : Optional.empty();
    }

    private static boolean add(ClassLoader loader, List<Source> sources, String resource, String file) {
        URL url = loader.getResource(resource);
        if (url != null) {
            sources.add(new Source(url, file));
        }
        return url != null;
    }

    private static String fileOf(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }

    private static String microsoft() {
        return "ai/onnxruntime/native/" + platform() + "/";
    }

    /** For example {@code linux-x64}. */
    static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        String system = os.contains("linux") ? "linux" : os.contains("mac") ? "osx" : os.contains("win") ? "win" : os;
        return system + "-" + (List.of("amd64", "x86_64").contains(arch) ? "x64" : arch);
    }
}
