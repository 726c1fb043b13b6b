package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Reads what a session's graph takes and gives. */
final class SessionSignature {
    private static final int HOST_DEVICE = 0;

    private final OrtApi api;
    private final MemorySegment session;
    private final MemorySegment allocator;

    SessionSignature(Handle session) throws OrtCallException {
        this.api = session.api();
        this.session = session.address();
        this.allocator = api.create(ApiFunction.DEFAULT_ALLOCATOR);
    }

    List<TensorSpec> inputs() throws OrtCallException {
        int count = (int) api.query(ApiFunction.SESSION_INPUT_COUNT, session);
        boolean[] onDevice = inputPlaces(count);
        List<TensorSpec> specs = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            specs.add(read(ApiFunction.SESSION_INPUT_NAME, ApiFunction.SESSION_INPUT_TYPE, i, onDevice[(int) i]));
        }
        return List.copyOf(specs);
    }

    List<TensorSpec> outputs() throws OrtCallException {
        long count = api.query(ApiFunction.SESSION_OUTPUT_COUNT, session);
        List<TensorSpec> specs = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            specs.add(read(ApiFunction.SESSION_OUTPUT_NAME, ApiFunction.SESSION_OUTPUT_TYPE, i, false));
        }
        return List.copyOf(specs);
    }

    private boolean[] inputPlaces(int count) throws OrtCallException {
        boolean[] onDevice = new boolean[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment infos = arena.allocate(ValueLayout.ADDRESS, Math.max(1, count));
            api.call(ApiFunction.INPUT_MEMORY, session, infos, (long) count);
            MemorySegment type = arena.allocate(ValueLayout.JAVA_INT);
            for (int i = 0; i < count; i++) {
                api.run(ApiFunction.MEMORY_DEVICE_TYPE, infos.getAtIndex(ValueLayout.ADDRESS, i), type);
                onDevice[i] = type.get(ValueLayout.JAVA_INT, 0) != HOST_DEVICE;
            }
        }
        return onDevice;
    }

    private TensorSpec read(ApiFunction nameOf, ApiFunction typeOf, long index, boolean onDevice) throws OrtCallException {
        MemorySegment chars = api.create(nameOf, session, index, allocator);
        String name = OrtApi.text(chars);
        api.call(ApiFunction.FREE, allocator, chars);
        try (Arena arena = Arena.ofConfined();
                Handle type = new Handle(api, ApiFunction.RELEASE_TYPE_INFO, api.create(typeOf, session, index))) {
            MemorySegment info = api.create(ApiFunction.CAST_TO_TENSOR_INFO, type.address());
            if (info.address() == 0) {
                throw new OrtCallException(9, "the graph's " + name + " is not a tensor");
            }
            int rank = (int) api.query(ApiFunction.DIMENSION_COUNT, info);
            MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
            api.call(ApiFunction.DIMENSIONS, info, dimensions, (long) rank);
            long[] shape = new long[rank];
            MemorySegment.copy(dimensions, ValueLayout.JAVA_LONG, 0, shape, 0, rank);
            return new TensorSpec(name, ElementKind.of(api.query(ApiFunction.ELEMENT_TYPE, info)), shape, onDevice);
        }
    }
}
