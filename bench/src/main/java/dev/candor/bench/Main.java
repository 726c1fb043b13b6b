package dev.candor.bench;

import dev.candor.bench.api.ApiCommand;
import dev.candor.bench.peers.PeersCommand;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs one benchmark by name: {@code bench decode --rounds 5}. */
public final class Main {
    private static final List<Benchmark> BENCHMARKS = List.of(
            ApiCommand.BENCHMARK, DecodeCommand.BENCHMARK, GpuCommand.BENCHMARK, PeersCommand.BENCHMARK, ProfileCommand.BENCHMARK, ProofCommand.BENCHMARK, ReplayCommand.BENCHMARK);

    private static final List<String> HELP = List.of("--help", "-h");

    /** Kept here, because the log manager forgets loggers that nobody holds. */
    private static final Logger LIBRARIES = Logger.getLogger("ai.djl");

    /** A request over a connection that its server is about to give up fails; peers keep theirs for 5 seconds. */
    private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";
    private static final String KEEP_ALIVE_SECONDS = "2";

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    /** Exit code where what is to be measured is not on this machine. */
    private static final int UNAVAILABLE = 3;

    private Main() {}

    public static void main(String[] arguments) {
        LIBRARIES.setLevel(Level.WARNING);
        System.setProperty(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
        System.exit(run(Arrays.asList(arguments), System.out, System.err));
    }

    /** @return the exit code: 0 done, 1 failed, 2 wrong usage, 3 not to be measured here */
    static int run(List<String> words, PrintStream out, PrintStream err) {
        if (!words.isEmpty() && (HELP.contains(words.getFirst()) || words.getFirst().equals("help") && words.size() == 1)) {
            out.print(overview());
            return 0;
        }
        String name = words.isEmpty() ? "" : words.getFirst();
        Optional<Benchmark> benchmark = BENCHMARKS.stream().filter(each -> each.name().equals(name)).findFirst();
        if (benchmark.isEmpty()) {
            err.print((name.isEmpty() ? "" : "candor bench: there is no benchmark " + name + "\n") + overview());
            return WRONG_USAGE;
        }
        List<String> rest = words.subList(1, words.size());
        if (rest.stream().anyMatch(HELP::contains)) {
            out.print(benchmark.get().help());
            return 0;
        }
        return run(benchmark.get(), rest, err);
    }

    private static int run(Benchmark benchmark, List<String> arguments, PrintStream err) {
        try {
            benchmark.run(arguments);
            return 0;
        } catch (UnavailableException e) {
            err.println("candor bench " + benchmark.name() + ": " + e.getMessage());
            return UNAVAILABLE;
        } catch (Exception e) {
            err.println("candor bench " + benchmark.name() + ": " + (e.getMessage() == null ? e : e.getMessage()));
            return FAILED;
        }
    }

    private static String overview() {
        StringBuilder text = new StringBuilder("Usage: candor bench NAME [options]\n\n");
        BENCHMARKS.forEach(each -> text.append(String.format("  %-9s%s%n", each.name(), each.summary().replaceFirst("(?<=\\.) .*", ""))));
        return text.append("\nOptions of each: candor bench NAME --help\n").toString();
    }
}
