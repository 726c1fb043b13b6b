package dev.candor.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Which aims were reached. */
final class Goals {
    private static final double DECODE = 1.1;
    private static final double PREFILL = 2.5;
    private static final double EMBED = 2;
    private static final double OVERHEAD_MILLIS = 0.4;
    private static final double SPARE_MIB = 300;
    private static final String FAST_FORM = "candor-w8a8";

    private final Outcome outcome;

    Goals(Outcome outcome) {
        this.outcome = outcome;
    }

    List<Goal> all() {
        List<Goal> goals = new ArrayList<>();
        for (int streams : List.of(1, 4, 8)) {
            goals.add(ratio("decode at " + streams + " streams, KL ≤ " + Outcome.FINE + ", against the better peer of that quality", DECODE,
                    Measures.decode(streams), outcome.best(Measures.decode(streams), peer -> peer.ours() && outcome.fine(peer)),
                    outcome.best(Measures.decode(streams), peer -> !peer.ours() && outcome.fine(peer))));
        }
        goals.add(ratio("prefill at 512, KL ≤ " + Outcome.FINE + ", against llama.cpp", PREFILL, Measures.PREFILL,
                outcome.best(Measures.PREFILL, peer -> peer.ours() && outcome.fine(peer)), outcome.of("llama", Measures.PREFILL)));
        goals.add(ratio("prefill at 512 of w8a8 against OpenVINO", 1, Measures.PREFILL,
                outcome.of(FAST_FORM, Measures.PREFILL), outcome.of("openvino", Measures.PREFILL)));
        goals.add(ratio("decode at 8 streams of w8a8 against OpenVINO", DECODE, Measures.decode(8),
                outcome.of(FAST_FORM, Measures.decode(8)), outcome.of("openvino", Measures.decode(8))));
        embeddings(goals);
        outcome.peers().stream().filter(Peer::ours).forEach(peer -> own(goals, peer));
        return goals;
    }

    private void embeddings(List<Goal> goals) {
        for (int tokens : EmbeddingBench.LENGTHS) {
            for (int concurrency : List.of(8, 32)) {
                String measure = EmbeddingBench.measure(concurrency, tokens);
                Optional<Outcome.Best> ours = outcome.of("candor", measure + " rps");
                for (String rival : List.of("langchain4j", "djl")) {
                    if (outcome.of(rival, measure + " rps").isPresent()) {
                        goals.add(ratio("embeddings, " + measure + ", against " + rival, EMBED, measure + " rps", ours,
                                outcome.of(rival, measure + " rps")));
                    }
                }
                goals.add(below("embeddings, " + measure + ", p99 below Transformers.js",
                        outcome.figures().percentile("candor", measure + " ms", 0.99),
                        outcome.figures().percentile("transformers-js", measure + " ms", 0.99)));
            }
        }
    }

    private void own(List<Goal> goals, Peer peer) {
        OptionalDouble overhead = outcome.figures().median(peer.name(), Measures.OVERHEAD);
        if (overhead.isPresent()) {
            goals.add(new Goal(peer.name() + ": server overhead over raw session.run ≤ " + OVERHEAD_MILLIS + " ms",
                    String.format("%.2f ms", overhead.getAsDouble()), Optional.of(overhead.getAsDouble() <= OVERHEAD_MILLIS)));
        }
        OptionalDouble resident = outcome.figures().median(peer.name(), Measures.RESIDENT);
        OptionalDouble expected = outcome.figures().median(peer.name(), Measures.WEIGHTS_AND_KV);
        if (resident.isPresent() && expected.isPresent()) {
            double spare = resident.getAsDouble() - expected.getAsDouble();
            goals.add(new Goal(peer.name() + ": memory ≤ weights + KV + " + (int) SPARE_MIB + " MiB",
                    String.format("%.0f MiB = %.0f + %.0f", resident.getAsDouble(), expected.getAsDouble(), spare), Optional.of(spare <= SPARE_MIB)));
        }
    }

    private static Goal ratio(String what, double wanted, String measure, Optional<Outcome.Best> ours, Optional<Outcome.Best> theirs) {
        String aim = what + " ≥ " + wanted + "×";
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Goal.unknown(aim, measure + ": " + (ours.isEmpty() ? "no figure of ours" : "no figure of theirs"));
        }
        double ratio = ours.get().value() / theirs.get().value();
        String value = String.format("%.2f× (%s %.0f, %s %.0f)",
                ratio, ours.get().peer().name(), ours.get().value(), theirs.get().peer().name(), theirs.get().value());
        return new Goal(aim, value, Optional.of(ratio >= wanted));
    }

    private static Goal below(String what, OptionalDouble ours, OptionalDouble theirs) {
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Goal.unknown(what, "no figure of " + (ours.isEmpty() ? "ours" : "theirs"));
        }
        return new Goal(what, String.format("%.1f ms against %.1f ms", ours.getAsDouble(), theirs.getAsDouble()),
                Optional.of(ours.getAsDouble() < theirs.getAsDouble()));
    }
}
