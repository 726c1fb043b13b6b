package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/** Reads which execution provider got which nodes of a graph. */
final class GraphAssignment {
    private final OrtApi api;
    private final MemorySegment session;

    GraphAssignment(Handle session) {
        this.api = session.api();
        this.session = session.address();
    }

    Map<String, Map<String, Integer>> read() throws OrtCallException {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        try (Arena arena = Arena.ofConfined()) {
            for (MemorySegment part : list(arena, ApiFunction.GRAPH_ASSIGNMENT, session)) {
                String provider = OrtApi.text(api.create(ApiFunction.ASSIGNED_PROVIDER, part));
                Map<String, Integer> operators = counts.computeIfAbsent(provider, key -> new TreeMap<>());
                for (MemorySegment node : list(arena, ApiFunction.ASSIGNED_NODES, part)) {
                    operators.merge(OrtApi.text(api.create(ApiFunction.NODE_OPERATOR, node)), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private MemorySegment[] list(Arena arena, ApiFunction function, MemorySegment of) throws OrtCallException {
        MemorySegment first = arena.allocate(ValueLayout.ADDRESS);
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        api.call(function, of, first, count);
        int length = Math.toIntExact(count.get(ValueLayout.JAVA_LONG, 0));
        MemorySegment items = first.get(ValueLayout.ADDRESS, 0).reinterpret(length * ValueLayout.ADDRESS.byteSize());
        MemorySegment[] list = new MemorySegment[length];
        for (int i = 0; i < length; i++) {
            list[i] = items.getAtIndex(ValueLayout.ADDRESS, i);
        }
        return list;
    }
}
