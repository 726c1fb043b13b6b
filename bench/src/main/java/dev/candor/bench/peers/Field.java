package dev.candor.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The peers that serve, and why the others do not. */
final class Field implements AutoCloseable {
    private final Map<Peer, Running> serving = new LinkedHashMap<>();
    private final Map<Peer, String> skipped = new LinkedHashMap<>();

    /** Installs and starts a peer; one that fails is skipped. */
    void enter(Peer peer) {
        try {
            long begin = System.nanoTime();
            peer.install();
            Running running = peer.start();
            serving.put(peer, running);
            System.out.printf("%-16s started in %.1f s%n", peer.name(), (System.nanoTime() - begin) / 1e9);
        } catch (PeerException | RuntimeException e) {
            drop(peer, e);
        }
    }

    /** Takes a peer out that failed; what was measured of it until then is kept. */
    void drop(Peer peer, Exception why) {
        String reason = why.getMessage() == null ? why.toString() : why.getMessage();
        System.out.printf("%-16s skipped: %s%n", peer.name(), reason);
        skipped.put(peer, reason);
        Running running = serving.remove(peer);
        if (running != null) {
            running.close();
        }
    }

    Map<Peer, Running> serving() {
        return serving;
    }

    Map<Peer, String> skipped() {
        return skipped;
    }

    /** What is done with one peer. */
    @FunctionalInterface
    interface Turn {
        void take(Peer peer, Running running) throws IOException, InterruptedException, PeerException;
    }

    /** Gives each peer its turn, beginning with another one each time, so that none always comes after the same. */
    void inTurns(int round, Turn turn) throws InterruptedException {
        List<Peer> order = new ArrayList<>(serving.keySet());
        for (int i = 0; i < order.size(); i++) {
            Peer peer = order.get((i + round) % order.size());
            try {
                turn.take(peer, serving.get(peer));
            } catch (IOException | PeerException | RuntimeException e) {
                drop(peer, e);
            }
        }
    }

    @Override
    public void close() {
        serving.values().forEach(Running::close);
    }
}
