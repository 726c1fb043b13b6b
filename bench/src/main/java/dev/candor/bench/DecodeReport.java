package dev.candor.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.bench.DecodeBench.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Medians over the rounds, by number of streams. */
final class DecodeReport {
    private static final double HALF = 0.5;
    private static final double MOST = 0.99;

    /**
     * @param ratio    the decode rate as a multiple of the fewest streams'
     * @param ttft50   milliseconds
     * @param ttft99   milliseconds
     */
    private record Row(int streams, int rounds, double decodeRate, double ratio, double wholeRate, double ttft50, double ttft99) {}

    private final List<Row> rows;

    /** @param samples by number of streams, at least one each */
    DecodeReport(Map<Integer, List<Sample>> samples) {
        Map<Integer, List<Sample>> sorted = new TreeMap<>(samples);
        double base = median(sorted.values().iterator().next(), Sample::decodeRate);
        rows = sorted.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue(), base)).toList();
    }

    private static Row row(int streams, List<Sample> samples, double base) {
        double[] ttft = samples.stream().flatMapToDouble(sample -> Arrays.stream(sample.ttftMillis())).toArray();
        double rate = median(samples, Sample::decodeRate);
        return new Row(
                streams,
                samples.size(),
                rate,
                rate / base,
                median(samples, Sample::wholeRate),
                Results.percentile(ttft, HALF),
                Results.percentile(ttft, MOST));
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return Results.percentile(samples.stream().mapToDouble(value).toArray(), HALF);
    }

    String text() {
        StringBuilder text = new StringBuilder(String.format(
                "%8s %7s %15s %7s %19s %13s %13s%n", "streams", "rounds", "decode tok/s", "ratio", "with prefill tok/s", "TTFT p50 ms", "TTFT p99 ms"));
        for (Row row : rows) {
            text.append(String.format(
                    "%8d %7d %15.1f %7.2f %19.1f %13.1f %13.1f%n",
                    row.streams, row.rounds, row.decodeRate, row.ratio, row.wholeRate, row.ttft50, row.ttft99));
        }
        return text.toString();
    }

    ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (Row row : rows) {
            json.addObject()
                    .put("streams", row.streams)
                    .put("rounds", row.rounds)
                    .put("decodeTokensPerSecond", row.decodeRate)
                    .put("ratio", row.ratio)
                    .put("wholeTokensPerSecond", row.wholeRate)
                    .put("ttftP50Millis", row.ttft50)
                    .put("ttftP99Millis", row.ttft99);
        }
        return json;
    }
}
