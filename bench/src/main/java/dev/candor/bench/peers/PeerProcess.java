package dev.candor.bench.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server under measurement, a child of this process. */
final class PeerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final long KIB = 1024;

    private final Child child;
    private final Process process;
    private final Path log;

    private PeerProcess(Child child, Path log) {
        this.child = child;
        this.process = child.process();
        this.log = log;
    }

    /** Starts {@code command}; its output goes to {@code log}. */
    static PeerProcess start(Path folder, Path log, Map<String, String> environment, List<String> command) throws PeerException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new PeerProcess(new Child(builder.start()), log);
        } catch (IOException e) {
            throw new PeerException(command.getFirst() + " cannot be started: " + e.getMessage(), e);
        }
    }

    static int freePort() throws PeerException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new PeerException("no free port: " + e.getMessage(), e);
        }
    }

    /** Waits until {@code health} is answered with 200. */
    PeerProcess awaitHealth(URI health) throws PeerException {
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(health).timeout(ASK_LIMIT).build();
            return await(() -> http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
        }
    }

    /** Waits until the process has printed the line {@code ready}. */
    PeerProcess awaitReady() throws PeerException {
        return await(() -> Files.readString(log).lines().anyMatch("ready"::equals));
    }

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    PeerProcess await(Condition condition) throws PeerException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        try {
            while (!reached(condition)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    close();
                    throw new PeerException("did not start: " + Workshop.lastLine(log) + " (see " + log + ")");
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
            return this;
        } catch (IOException e) {
            close();
            throw new PeerException("did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new PeerException("interrupted while it started", e);
        }
    }

    private static boolean reached(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Resident memory of the process and of those it started, in bytes; empty where the system does not tell. */
    OptionalLong residentBytes() {
        return residentBytes(process);
    }

    static OptionalLong residentBytes(Process process) {
        List<Long> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> resident(each.pid()))
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList();
        return all.isEmpty() ? OptionalLong.empty() : OptionalLong.of(all.stream().mapToLong(Long::longValue).sum());
    }

    private static OptionalLong resident(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst();
        } catch (IOException | RuntimeException gone) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
