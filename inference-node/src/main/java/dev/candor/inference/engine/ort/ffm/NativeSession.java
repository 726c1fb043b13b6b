package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A loaded graph. Runs may overlap, each with a binding of its own. */
public final class NativeSession implements AutoCloseable {
    /** Set to 1 in the settings to be able to ask for {@link #assignment()}. */
    public static final String RECORD_ASSIGNMENT = "session.record_ep_graph_assignment_info";

    private static final int DEVICE_ALLOCATOR = 0;
    private static final int DEFAULT_MEMORY = 0;

    private final Handle handle;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final Set<Object> dependents = ConcurrentHashMap.newKeySet();

    private NativeSession(Handle handle, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        this.handle = handle;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** Takes the handle over: it is closed if the session cannot be described. */
    static NativeSession describe(Handle handle) throws OrtCallException {
        try {
            SessionSignature signature = new SessionSignature(handle);
            return new NativeSession(handle, signature.inputs(), signature.outputs());
        } catch (OrtCallException | RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    public List<TensorSpec> inputs() {
        return inputs;
    }

    public List<TensorSpec> outputs() {
        return outputs;
    }

    /**
     * How many nodes of the optimised graph each execution provider runs, by operator.
     *
     * @throws OrtCallException if the session was made without {@link #RECORD_ASSIGNMENT}
     */
    public Map<String, Map<String, Integer>> assignment() throws OrtCallException {
        return new GraphAssignment(handle).read();
    }

    /** An empty binding, to be closed before the session. */
    public IoBinding binding() throws OrtCallException {
        Object token = new Object();
        Handle binding = new Handle(
                handle.api(), ApiFunction.RELEASE_BINDING, handle.api().create(ApiFunction.CREATE_BINDING, handle.address()));
        dependents.add(token);
        return new IoBinding(binding, () -> dependents.remove(token));
    }

    /** The session's allocator for a place, to be closed before the session. @throws OrtCallException if the session does not use the place */
    public DeviceAllocator allocator(MemoryPlace place) throws OrtCallException {
        OrtApi api = handle.api();
        MemorySegment info = api.create(ApiFunction.CREATE_MEMORY_INFO, place.name(), DEVICE_ALLOCATOR, place.device(), DEFAULT_MEMORY);
        try (Handle memory = new Handle(api, ApiFunction.RELEASE_MEMORY_INFO, info)) {
            MemorySegment allocator = api.create(ApiFunction.CREATE_ALLOCATOR, handle.address(), memory.address());
            Object token = new Object();
            dependents.add(token);
            return new DeviceAllocator(
                    new Handle(api, ApiFunction.RELEASE_ALLOCATOR, allocator), place, () -> dependents.remove(token));
        }
    }

    /** Runs the graph once. @throws OrtCallException with the failing node, as ONNX Runtime words it */
    public void run(IoBinding binding, RunSettings settings) throws OrtCallException {
        handle.api().call(ApiFunction.RUN_WITH_BINDING, handle.address(), settings.address(), binding.address());
    }

    /** @throws IllegalStateException while bindings or allocators of it are open */
    @Override
    public void close() {
        if (!dependents.isEmpty()) {
            throw new IllegalStateException(dependents.size() + " bindings or allocators of the session are still open");
        }
        handle.close();
    }
}
