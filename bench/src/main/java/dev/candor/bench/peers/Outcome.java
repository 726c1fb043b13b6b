package dev.candor.bench.peers;

import dev.candor.hub.quality.QualityReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** All that a run found out. */
record Outcome(List<Peer> peers, Figures figures, Map<String, QualityReport> quality) {
    /** The quality of llama.cpp's 4-bit blocks: nats of divergence from the weights in 32-bit floats. */
    static final double FINE = 0.005;

    /** A figure and whose it is. */
    record Best(Peer peer, double value) {}

    /** Peers whose measured quality is llama.cpp's or better. */
    boolean fine(Peer peer) {
        return Optional.ofNullable(quality.get(peer.name())).map(report -> report.divergence() <= FINE).orElse(false);
    }

    /** The peer with the highest median among some. */
    Optional<Best> best(String measure, Predicate<Peer> among) {
        Best best = null;
        for (Peer peer : peers) {
            OptionalDouble value = figures.median(peer.name(), measure);
            if (among.test(peer) && value.isPresent() && (best == null || value.getAsDouble() > best.value())) {
                best = new Best(peer, value.getAsDouble());
            }
        }
        return Optional.ofNullable(best);
    }

    Optional<Best> of(String name, String measure) {
        return best(measure, peer -> peer.name().equals(name));
    }
}
