package dev.candor.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the time of a model's runs goes, by kind of operator, out of the trace that ONNX Runtime writes. */
final class OperatorProfile {
    private static final String RUN = "model_run";
    private static final String KERNEL = "_kernel_time";
    /** Its branches' operators are in the trace too. */
    private static final String BRANCH = "If";

    private record Event(long begin, long micros, String operator) {}

    private final List<Event> runs = new ArrayList<>();
    private final List<Event> kernels = new ArrayList<>();

    /**
     * Some runs in a row.
     *
     * @param millis   of a run
     * @param operators milliseconds of a run by kind of operator, the dearest first
     */
    record Phase(double millis, Map<String, Double> operators) {
        /** Milliseconds of a run that no operator accounts for. */
        double outside() {
            return Math.max(0, millis - operators.values().stream().mapToDouble(Double::doubleValue).sum());
        }
    }

    /** @throws IOException if the file is no trace of ONNX Runtime's */
    static OperatorProfile read(Path trace) throws IOException {
        OperatorProfile profile = new OperatorProfile();
        ObjectMapper json = new ObjectMapper(new JsonFactory());
        try (MappingIterator<JsonNode> events = json.readerFor(JsonNode.class).readValues(trace.toFile())) {
            while (events.hasNext()) {
                profile.add(events.next());
            }
        }
        profile.runs.sort(Comparator.comparingLong(Event::begin));
        return profile;
    }

    private void add(JsonNode event) {
        String name = event.path("name").asText();
        String operator = event.at("/args/op_name").asText();
        Event made = new Event(event.path("ts").asLong(), event.path("dur").asLong(), operator);
        if (name.equals(RUN)) {
            runs.add(made);
        } else if (name.endsWith(KERNEL) && !operator.equals(BRANCH)) {
            kernels.add(made);
        }
    }

    int runs() {
        return runs.size();
    }

    /** What {@code count} runs did, from run {@code from} on. */
    Phase phase(int from, int count) {
        List<Event> chosen = runs.subList(from, from + count);
        long begin = chosen.getFirst().begin();
        long end = chosen.getLast().begin() + chosen.getLast().micros();
        Map<String, Double> sums = new LinkedHashMap<>();
        for (Event kernel : kernels) {
            if (kernel.begin() >= begin && kernel.begin() < end) {
                sums.merge(kernel.operator(), kernel.micros() / 1e3 / count, Double::sum);
            }
        }
        Map<String, Double> sorted = new LinkedHashMap<>();
        sums.entrySet().stream().sorted(Map.Entry.<String, Double>comparingByValue().reversed()).forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return new Phase(chosen.stream().mapToLong(Event::micros).sum() / 1e3 / count, sorted);
    }
}
