package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ONNX Runtime through its C interface, for what its Java interface lacks: memory on devices and bindings to it. The environment is the
 * process's one, shared with the Java interface where that has the same file loaded. Thread-safe.
 */
public final class OrtLibrary implements AutoCloseable {
    private static final int SEVERITY_ERROR = 3;

    private final OrtApi api;
    private final Handle environment;

    private OrtLibrary(OrtApi api, Handle environment) {
        this.api = api;
        this.environment = environment;
    }

    /**
     * Opens a library whose telemetry was switched off before. It stays loaded for the life of the process; opening the same file again
     * does not load it twice.
     *
     * @param library {@code libonnxruntime}
     * @throws IllegalStateException if it cannot be loaded, is something else, or is too old
     * @throws OrtCallException      if it refuses to start
     */
    public static OrtLibrary open(Path library) throws OrtCallException {
        SymbolLookup lookup;
        try {
            lookup = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("cannot load " + library + ": " + e.getMessage(), e);
        }
        OrtApi api = OrtApi.of(lookup);
        MemorySegment environment = api.create(ApiFunction.CREATE_ENV, SEVERITY_ERROR, "candor");
        return new OrtLibrary(api, new Handle(api, ApiFunction.RELEASE_ENV, environment));
    }

    /** For example {@code 1.29.0}. */
    public String version() {
        return api.version();
    }

    /** Execution providers compiled into the library or shipped beside it, for example {@code CPUExecutionProvider}. */
    public List<String> providers() throws OrtCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment names = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            api.call(ApiFunction.AVAILABLE_PROVIDERS, names, count);
            int length = count.get(ValueLayout.JAVA_INT, 0);
            MemorySegment list = names.get(ValueLayout.ADDRESS, 0).reinterpret(length * ValueLayout.ADDRESS.byteSize());
            List<String> providers = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                providers.add(OrtApi.text(list.getAtIndex(ValueLayout.ADDRESS, i)));
            }
            api.call(ApiFunction.RELEASE_AVAILABLE_PROVIDERS, list, length);
            return List.copyOf(providers);
        }
    }

    /** Settings for sessions, to be closed once these are made. */
    public SessionSettings settings() throws OrtCallException {
        return new SessionSettings(new Handle(api, ApiFunction.RELEASE_SESSION_OPTIONS, api.create(ApiFunction.CREATE_SESSION_OPTIONS)));
    }

    /** @throws OrtCallException if the graph cannot be loaded or its execution provider cannot be started */
    public NativeSession session(Path graph, SessionSettings settings) throws OrtCallException {
        requirePosixPaths();
        MemorySegment session = api.create(ApiFunction.CREATE_SESSION, environment.address(), graph.toString(), settings.address());
        return NativeSession.describe(new Handle(api, ApiFunction.RELEASE_SESSION, session));
    }

    /** As {@link #session(Path, SessionSettings)}, keeping packed weights once for all sessions made with {@code weights}. */
    public NativeSession session(Path graph, SessionSettings settings, PrepackedWeights weights) throws OrtCallException {
        requirePosixPaths();
        MemorySegment session = api.create(
                ApiFunction.CREATE_SESSION_PREPACKED, environment.address(), graph.toString(), settings.address(), weights.address());
        return NativeSession.describe(new Handle(api, ApiFunction.RELEASE_SESSION, session));
    }

    /** An empty store of packed weights, to be closed after the sessions that share it. */
    public PrepackedWeights prepackedWeights() throws OrtCallException {
        return new PrepackedWeights(
                new Handle(api, ApiFunction.RELEASE_PREPACKED_WEIGHTS, api.create(ApiFunction.CREATE_PREPACKED_WEIGHTS)));
    }

    /** Settings of one run. */
    public RunSettings runSettings() throws OrtCallException {
        return new RunSettings(new Handle(api, ApiFunction.RELEASE_RUN_OPTIONS, api.create(ApiFunction.CREATE_RUN_OPTIONS)));
    }

    /** A tensor over existing memory, row by row. @throws OrtCallException if the memory is shorter than the shape wants */
    public BoundTensor tensor(MemorySpan memory, ElementKind kind, long... shape) throws OrtCallException {
        return BoundTensor.over(api, memory, kind, shape);
    }

    private static void requirePosixPaths() {
        if (System.getProperty("os.name").startsWith("Windows")) {
            throw new IllegalStateException("the C interface takes paths of 16-bit characters on Windows, which is not supported here");
        }
    }

    /** Gives the process's environment back; sessions must be closed before. */
    @Override
    public void close() {
        environment.close();
    }
}
