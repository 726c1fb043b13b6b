package dev.candor.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.bench.LongPromptBench.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Times from token to token over all rounds, by number of streams. */
final class LongPromptReport {
    private static final double HALF = 0.5;
    private static final double MOST = 0.99;

    private record Row(int streams, double alone50, double alone99, double beside50, double beside99, double ttft) {
        double ratio() {
            return beside99 / alone99;
        }
    }

    private final List<Row> rows;

    /** @param samples by number of streams, at least one each */
    LongPromptReport(Map<Integer, List<Sample>> samples) {
        rows = samples.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
    }

    private static Row row(int streams, List<Sample> samples) {
        double[] alone = all(samples, Sample::alone);
        double[] beside = all(samples, Sample::beside);
        double[] ttft = samples.stream().mapToDouble(Sample::ttftMillis).toArray();
        return new Row(
                streams,
                Results.percentile(alone, HALF),
                Results.percentile(alone, MOST),
                Results.percentile(beside, HALF),
                Results.percentile(beside, MOST),
                Results.percentile(ttft, HALF));
    }

    private static double[] all(List<Sample> samples, Function<Sample, double[]> gaps) {
        return samples.stream().flatMapToDouble(sample -> Arrays.stream(gaps.apply(sample))).toArray();
    }

    String text() {
        StringBuilder text = new StringBuilder(String.format(
                "%8s %14s %14s %15s %15s %11s %17s%n",
                "streams", "alone p50 ms", "alone p99 ms", "beside p50 ms", "beside p99 ms", "p99 ratio", "prompt's TTFT ms"));
        for (Row row : rows) {
            text.append(String.format(
                    "%8d %14.1f %14.1f %15.1f %15.1f %11.2f %17.0f%n",
                    row.streams, row.alone50, row.alone99, row.beside50, row.beside99, row.ratio(), row.ttft));
        }
        return text.toString();
    }

    ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (Row row : rows) {
            json.addObject()
                    .put("streams", row.streams)
                    .put("aloneP50Millis", row.alone50)
                    .put("aloneP99Millis", row.alone99)
                    .put("besideP50Millis", row.beside50)
                    .put("besideP99Millis", row.beside99)
                    .put("p99Ratio", row.ratio())
                    .put("longPromptTtftMillis", row.ttft);
        }
        return json;
    }
}
