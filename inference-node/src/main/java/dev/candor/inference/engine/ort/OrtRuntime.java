package dev.candor.inference.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.nio.file.Path;

/** The process's ONNX Runtime, loaded with its telemetry off. */
public final class OrtRuntime {
    private static final String NATIVE_PATH = "onnxruntime.native.path";
    private final OrtEnvironment environment;

    private OrtRuntime(OrtEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Loads the library, once a process; later calls give the same one.
     *
     * @param nativeFolder where its native libraries are kept unpacked
     * @throws IllegalStateException        if the telemetry cannot be switched off, or the libraries do not fit this system
     * @throws java.io.UncheckedIOException if the libraries cannot be unpacked
     */
    public static OrtRuntime load(Path nativeFolder) {
        TelemetrySwitch.off();
        if (System.getProperty(NATIVE_PATH) == null) {
            ClassLoader loader = OrtRuntime.class.getClassLoader();
            Path folder = NativeLibraries.unpack(NativeSet.of(loader), loader, nativeFolder.toAbsolutePath());
            System.setProperty(NATIVE_PATH, folder.toString());
        }
        try {
            return new OrtRuntime(OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "candor"));
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "ONNX Runtime's libraries in " + System.getProperty(NATIVE_PATH) + " do not load on this system: " + e.getMessage(), e);
        }
    }

    public String version() {
        return environment.getVersion();
    }

    /** The native library that is loaded, for those who call it by its C interface. */
    public Path library() {
        return Path.of(System.getProperty(NATIVE_PATH)).resolve(System.mapLibraryName("onnxruntime"));
    }

    OrtEnvironment environment() {
        return environment;
    }
}
