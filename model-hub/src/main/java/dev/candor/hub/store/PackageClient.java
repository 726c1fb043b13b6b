package dev.candor.hub.store;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Runs an ecosystem's package client, found under one of several names, and watches the bytes arrive where it puts them. */
final class PackageClient {
    private static final Limits VERSION_LIMITS = new Limits(Duration.ofSeconds(30), 64 << 20);
    private static final Duration POLL = Duration.ofMillis(150);
    private static final int LOG_BYTES = 64 << 10;

    private final List<List<String>> candidates;
    private final Map<String, String> environment;
    private final Duration stallLimit;
    private final String missing;

    /**
     * @param candidates  commands to try, in this order
     * @param environment variables set over the node's own
     * @param stallLimit  how long no byte may arrive
     * @param missing     what is said where none of the commands is there
     */
    private PackageClient(List<List<String>> candidates, Map<String, String> environment, Duration stallLimit, String missing) {
        this.candidates = List.copyOf(candidates);
        this.environment = Map.copyOf(environment);
        this.stallLimit = stallLimit;
        this.missing = missing;
    }

    /** Python's. */
    static PackageClient pip(List<List<String>> candidates, Map<String, String> environment, Duration stallLimit) {
        return new PackageClient(candidates, environment, stallLimit,
                "Python's pip was not found; install Python 3 with pip (on Debian: apt install python3-pip)");
    }

    /** Java's. */
    static PackageClient maven(List<List<String>> candidates, Map<String, String> environment, Duration stallLimit) {
        return new PackageClient(candidates, environment, stallLimit,
                "Maven was not found; install it (on Debian: apt install maven)");
    }

    /** Python's, under the names that systems have for it. */
    static PackageClient ofPip() {
        return pip(
                List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"), List.of("python", "-m", "pip")),
                Map.of(),
                Duration.ofMinutes(2));
    }

    /** Java's, run by the node's own Java where the environment names none. */
    static PackageClient ofMaven() {
        Map<String, String> java = System.getenv("JAVA_HOME") == null ? Map.of("JAVA_HOME", System.getProperty("java.home")) : Map.of();
        return maven(List.of(List.of("mvn"), List.of("mvn.cmd")), java, Duration.ofMinutes(5));
    }

    /** How a run ended: its exit status and the last of what it printed. */
    record Outcome(int status, String log) {}

    /** The first command that answers. @throws FetchException if none does */
    List<String> find(Path work) throws IOException {
        for (List<String> candidate : candidates) {
            List<String> command = new ArrayList<>(candidate);
            command.add("--version");
            if (starts(command, work)) {
                return candidate;
            }
        }
        throw new FetchException(missing);
    }

    private boolean starts(List<String> command, Path work) throws IOException {
        try {
            return run(command, work, List.of(work), VERSION_LIMITS, bytes -> {}).status() == 0;
        } catch (StartFailedException _) {
            return false;
        }
    }

    /**
     * Runs {@code command} with {@code work} as its working and temporary folder.
     *
     * @param arrival  folders in which the bytes come to lie
     * @param maxBytes that may come to lie there
     * @param progress gets the bytes that have come to lie there
     * @throws FetchException if nothing arrives for the stall limit, or too much does
     */
    Outcome run(List<String> command, Path work, List<Path> arrival, long maxBytes, LongConsumer progress) throws IOException {
        return run(command, work, arrival, new Limits(stallLimit, maxBytes), progress);
    }

    private record Limits(Duration stall, long bytes) {}

    private static final class StartFailedException extends IOException {
        StartFailedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private Outcome run(List<String> command, Path work, List<Path> arrival, Limits limits, LongConsumer progress) throws IOException {
        File log = work.resolve("client.log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true).redirectOutput(log);
        builder.environment().put("TMPDIR", work.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new StartFailedException(e);
        }
        try {
            watch(process, arrival, limits, progress);
            return new Outcome(process.exitValue(), tail(log));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void watch(Process process, List<Path> arrival, Limits limits, LongConsumer progress) throws IOException {
        long before = size(arrival);
        long most = 0;
        long lastGrowth = System.nanoTime();
        try {
            while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                long size = size(arrival) - before;
                if (size > limits.bytes()) {
                    throw new FetchException("more arrives than the " + limits.bytes() + " bytes that are expected at most");
                }
                if (size > most) {
                    most = size;
                    lastGrowth = System.nanoTime();
                    progress.accept(size);
                } else if (System.nanoTime() - lastGrowth > limits.stall().toNanos()) {
                    throw new FetchException("nothing arrived for " + limits.stall().toSeconds() + " s; check the network connection and try again");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while a package client was running");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private static long size(List<Path> folders) throws IOException {
        long sum = 0;
        for (Path folder : folders) {
            sum += new FileTree(folder).size();
        }
        return sum;
    }

    private static String tail(File log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log, "r")) {
            long from = Math.max(0, file.length() - LOG_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
