package dev.candor.bench.peers;

import dev.candor.bench.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured, by peer and by name of the measure, one value a round or a request. */
final class Figures {
    private final Map<String, Map<String, List<Double>>> all = new LinkedHashMap<>();

    void add(String peer, String measure, double... values) {
        List<Double> list = all.computeIfAbsent(peer, key -> new LinkedHashMap<>()).computeIfAbsent(measure, key -> new ArrayList<>());
        for (double value : values) {
            list.add(value);
        }
    }

    Map<String, Map<String, List<Double>>> all() {
        return all;
    }

    OptionalDouble median(String peer, String measure) {
        return percentile(peer, measure, 0.5);
    }

    /** By the nearest rank; empty if the peer has no value of the measure. */
    OptionalDouble percentile(String peer, String measure, double share) {
        List<Double> values = all.getOrDefault(peer, Map.of()).getOrDefault(measure, List.of());
        return values.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Results.percentile(values.stream().mapToDouble(Double::doubleValue).toArray(), share));
    }
}
