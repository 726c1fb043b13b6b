package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/** How sessions are made. Not thread-safe. */
public final class SessionSettings implements AutoCloseable {
    private final Handle handle;

    SessionSettings(Handle handle) {
        this.handle = handle;
    }

    MemorySegment address() {
        return handle.address();
    }

    /** Threads of one run, the caller's own included; operators run one after the other. */
    public SessionSettings threads(int threads) throws OrtCallException {
        handle.api().call(ApiFunction.SET_INTRA_OP_THREADS, address(), threads);
        handle.api().call(ApiFunction.SET_INTER_OP_THREADS, address(), 1);
        return this;
    }

    /** A named setting, such as {@code session.intra_op.allow_spinning}. */
    public SessionSettings config(String key, String value) throws OrtCallException {
        handle.api().call(ApiFunction.ADD_SESSION_CONFIG, address(), key, value);
        return this;
    }

    /**
     * Gives a graph's constant the value of a tensor instead of its own, without copying it: sessions that share packed weights share those
     * of such constants only.
     *
     * @param tensor must outlive the sessions, and its memory too
     */
    public SessionSettings initializer(String name, BoundTensor tensor) throws OrtCallException {
        handle.api().call(ApiFunction.ADD_INITIALIZER, address(), name, tensor.address());
        return this;
    }

    /**
     * Adds the CUDA execution provider before the CPU's.
     *
     * @param options for example {@code device_id}, {@code enable_cuda_graph}
     * @param stream  a {@code cudaStream_t} on which everything is queued, or {@link MemorySegment#NULL} for the provider's own
     * @throws OrtCallException if the library has no CUDA provider, or its libraries cannot be loaded; the words say which
     */
    public SessionSettings cuda(Map<String, String> options, MemorySegment stream) throws OrtCallException {
        OrtApi api = handle.api();
        try (Arena arena = Arena.ofConfined();
                Handle cuda = new Handle(api, ApiFunction.RELEASE_CUDA_OPTIONS, api.create(ApiFunction.CREATE_CUDA_OPTIONS))) {
            List<Map.Entry<String, String>> entries = List.copyOf(options.entrySet());
            MemorySegment keys = arena.allocate(ValueLayout.ADDRESS, Math.max(1, entries.size()));
            MemorySegment values = arena.allocate(ValueLayout.ADDRESS, Math.max(1, entries.size()));
            for (int i = 0; i < entries.size(); i++) {
                keys.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(entries.get(i).getKey()));
                values.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(entries.get(i).getValue()));
            }
            api.call(ApiFunction.UPDATE_CUDA_OPTIONS, cuda.address(), keys, values, (long) entries.size());
            if (stream.address() != 0) {
                api.call(ApiFunction.UPDATE_CUDA_OPTION_VALUE, cuda.address(), "user_compute_stream", stream);
            }
            api.call(ApiFunction.APPEND_CUDA, address(), cuda.address());
        }
        return this;
    }

    @Override
    public void close() {
        handle.close();
    }
}
