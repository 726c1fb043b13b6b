package dev.candor.bench;

import dev.candor.bench.peers.PeersCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs one benchmark by name: {@code bench decode --rounds 5}. */
public final class Main {
    /** A benchmark's command line. */
    @FunctionalInterface
    interface Benchmark {
        void run(List<String> arguments) throws Exception;
    }

    private static final Map<String, Benchmark> BENCHMARKS = Map.of(
            "decode", DecodeCommand::run, "gpu", GpuCommand::run, "peers", PeersCommand::run, "profile", ProfileCommand::run, "proof", ProofCommand::run, "replay", ReplayCommand::run);

    /** Kept here, because the log manager forgets loggers that nobody holds. */
    private static final Logger LIBRARIES = Logger.getLogger("ai.djl");

    /** Exit code where what is to be measured is not on this machine. */
    private static final int UNAVAILABLE = 3;

    private Main() {}

    public static void main(String[] arguments) {
        LIBRARIES.setLevel(Level.WARNING);
        List<String> words = Arrays.asList(arguments);
        Benchmark benchmark = words.isEmpty() ? null : BENCHMARKS.get(words.getFirst());
        if (benchmark == null) {
            System.err.println("usage: candor bench " + String.join("|", new TreeMap<>(BENCHMARKS).keySet()) + " [options]");
            System.exit(2);
            return;
        }
        try {
            benchmark.run(words.subList(1, words.size()));
        } catch (UnavailableException e) {
            System.err.println("candor bench " + words.getFirst() + ": " + e.getMessage());
            System.exit(UNAVAILABLE);
        } catch (Exception e) {
            System.err.println("candor bench " + words.getFirst() + ": " + (e.getMessage() == null ? e : e.getMessage()));
            System.exit(1);
        }
    }
}
