package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;

/** How a run is done; may be used for many. */
public final class RunSettings implements AutoCloseable {
    private final Handle handle;

    RunSettings(Handle handle) {
        this.handle = handle;
    }

    MemorySegment address() {
        return handle.address();
    }

    /** A named setting, such as {@code gpu_graph_id}. */
    public RunSettings config(String key, String value) throws OrtCallException {
        handle.api().call(ApiFunction.ADD_RUN_CONFIG, address(), key, value);
        return this;
    }

    /** Ends runs with these settings, or lets them go on again; may be called from any thread. */
    public void terminate(boolean end) throws OrtCallException {
        handle.api().call(end ? ApiFunction.SET_TERMINATE : ApiFunction.UNSET_TERMINATE, address());
    }

    @Override
    public void close() {
        handle.close();
    }
}
