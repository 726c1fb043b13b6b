package dev.candor.bench.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.bench.Results;
import dev.candor.bench.api.OverheadBench.Way;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Medians, and what they come to beside the goals. */
final class ApiReport {
    private static final double HALF = 0.5;
    private static final double MOST = 0.99;
    private static final int KIB = 1024;

    private final StringBuilder text = new StringBuilder();
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    /** @param seconds of the rounds, by number of streams and way */
    void throughput(Map<Integer, Map<Way, List<Double>>> seconds, int tokens) {
        text.append(String.format("%ntokens a second, prompts included, medians%n%8s %20s %12s %12s %18s%n", "streams", "", "tok/s", "to engine", "us a token more"));
        ArrayNode rows = json.putArray("throughput");
        seconds.forEach((streams, ways) -> {
            double engine = median(ways.get(Way.ENGINE));
            ways.forEach((way, rounds) -> {
                double median = median(rounds);
                double rate = streams * tokens / median;
                double lost = 1 - engine / median;
                double micros = (median - engine) * 1e6 / (streams * tokens);
                text.append(String.format(Locale.ROOT, "%8d %20s %12.1f %11.1f%% %18.1f%n", streams, way.words(), rate, -100 * lost, micros));
                rows.addObject().put("streams", streams).put("way", way.words()).put("tokensPerSecond", rate).put("lost", lost)
                        .put("microsPerToken", micros);
            });
        });
    }

    /** @param millis by way, then by request */
    void single(String kind, double[][] millis) {
        text.append(String.format("%na request for one token, %s: milliseconds%n%20s %10s %10s %12s%n", kind, "", "p50", "p99", "p50 more"));
        ArrayNode rows = json.withArray("requests");
        double engine = Results.percentile(millis[Way.ENGINE.ordinal()], HALF);
        for (Way way : Way.values()) {
            double half = Results.percentile(millis[way.ordinal()], HALF);
            double most = Results.percentile(millis[way.ordinal()], MOST);
            text.append(String.format(Locale.ROOT, "%20s %10.3f %10.3f %12.3f%n", way.words(), half, most, half - engine));
            rows.addObject().put("kind", kind).put("way", way.words()).put("p50Millis", half).put("p99Millis", most).put("p50More", half - engine);
        }
    }

    /** @param free tokens a second of each round, and @param structured those of answers that obey a schema */
    void structured(int streams, List<Double> free, List<Double> structured) {
        double off = median(free);
        double on = median(structured);
        double share = off / on - 1;
        double micros = (streams / on - streams / off) * 1e6;
        text.append(String.format(Locale.ROOT, "%nstructured output at %d streams: %.1f tok/s with a JSON Schema, %.1f without: a decode step takes %.1f %% longer, %.0f us,"
                + " %.0f us a mask%n", streams, on, off, 100 * share, micros, micros / streams));
        json.putObject("structured").put("streams", streams).put("on", on).put("off", off).put("stepShare", share).put("stepMicros", micros)
                .put("maskMicros", micros / streams);
    }

    void idle(IdleStreams.Result idle) {
        text.append(String.format(Locale.ROOT, "%n%d idle streams, client's ends included: %.1f KiB of heap and %.1f KiB of main memory each%n"
                        + "heap %.1f MiB before, %.1f while they are open, %.1f after; in main memory %.1f, %.1f, %.1f%n",
                idle.streams(), idle.heapPerStream() / KIB, idle.residentPerStream() / KIB,
                mib(idle.before().heap()), mib(idle.open().heap()), mib(idle.after().heap()),
                mib(idle.before().resident()), mib(idle.open().resident()), mib(idle.after().resident())));
        json.putObject("idle").put("streams", idle.streams()).put("heapPerStream", idle.heapPerStream()).put("residentPerStream", idle.residentPerStream())
                .put("heapBefore", idle.before().heap()).put("heapOpen", idle.open().heap()).put("heapAfter", idle.after().heap())
                .put("residentBefore", idle.before().resident()).put("residentOpen", idle.open().resident()).put("residentAfter", idle.after().resident());
    }

    private static double mib(long bytes) {
        return bytes / (double) (KIB * KIB);
    }

    private static double median(List<Double> values) {
        return Results.percentile(values.stream().mapToDouble(Double::doubleValue).toArray(), HALF);
    }

    String text() {
        return text.toString();
    }

    ObjectNode json() {
        return json;
    }
}
