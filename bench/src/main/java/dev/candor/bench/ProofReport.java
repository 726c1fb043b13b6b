package dev.candor.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rounds without and with receipts, side by side. */
final class ProofReport {
    private static final double HALF = 0.5;

    private final List<ProofBench.Round> none = new ArrayList<>();
    private final List<ProofBench.Round> tee = new ArrayList<>();

    void add(ProofBench.Round without, ProofBench.Round with) {
        none.add(without);
        tee.add(with);
    }

    String text() {
        return String.format(
                "%-22s %12s %14s%n%-22s %12.1f %14.1f%n%-22s %12.1f %14.1f%ntee/none throughput, median of the rounds' ratios: %.4f%np50 difference: %+.2f ms%n",
                "verification", "tokens/s", "p50 ms",
                "none", throughput(none), p50(none),
                "tee", throughput(tee), p50(tee),
                ratio(), p50(tee) - p50(none));
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("none").put("tokensPerSecond", throughput(none)).put("p50Millis", p50(none));
        json.putObject("tee").put("tokensPerSecond", throughput(tee)).put("p50Millis", p50(tee));
        return json.put("throughputRatio", ratio()).put("p50DifferenceMillis", p50(tee) - p50(none));
    }

    private double ratio() {
        double[] ratios = new double[none.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = tee.get(i).tokensPerSecond() / none.get(i).tokensPerSecond();
        }
        return Results.percentile(ratios, HALF);
    }

    private static double throughput(List<ProofBench.Round> rounds) {
        return Results.percentile(rounds.stream().mapToDouble(ProofBench.Round::tokensPerSecond).toArray(), HALF);
    }

    private static double p50(List<ProofBench.Round> rounds) {
        return Results.percentile(rounds.stream().flatMapToDouble(round -> Arrays.stream(round.latenciesMillis())).toArray(), HALF);
    }
}
