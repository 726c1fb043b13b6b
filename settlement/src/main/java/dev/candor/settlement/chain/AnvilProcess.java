package dev.candor.settlement.chain;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A running anvil, a child of this process or one that an earlier process left behind. */
final class AnvilProcess {
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(1500);
    private static final long PROBE_MILLIS = 20;
    private static final long GWEI = 1_000_000_000;

    private final ProcessHandle process;
    private final int port;

    private AnvilProcess(ProcessHandle process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Takes over what an earlier process left running if it fits {@code config}, and ends it if it does not. */
    static Optional<AnvilProcess> adopt(DevChainConfig config, DevChainFiles files) throws IOException {
        Optional<DevChainFiles.Runner> left = files.runner();
        Optional<ProcessHandle> alive = left.flatMap(AnvilProcess::find);
        if (alive.isEmpty()) {
            strays(files).forEach(stray -> new AnvilProcess(stray, 0).stop());
            files.forgetRunner();
            return Optional.empty();
        }
        AnvilProcess found = new AnvilProcess(alive.get(), left.get().port());
        boolean fits = left.get().chainId() == config.chainId() && (config.port() == 0 || config.port() == found.port);
        if (fits && found.answers(config.chainId())) {
            return Optional.of(found);
        }
        found.stop();
        files.forgetRunner();
        return Optional.empty();
    }

    /** Ends what an earlier process left running; false if nothing was. */
    static boolean stopLeft(DevChainFiles files) throws IOException {
        List<ProcessHandle> left = Stream.concat(
                        files.runner().flatMap(AnvilProcess::find).stream(), strays(files).stream())
                .distinct()
                .toList();
        left.forEach(process -> new AnvilProcess(process, 0).stop());
        files.forgetRunner();
        return !left.isEmpty();
    }

    /** Starts anvil on {@code port} and waits until it answers. */
    static AnvilProcess start(DevChainConfig config, DevChainFiles files, int port) throws ChainSetupException, IOException {
        requireFree(port);
        Process child = new ProcessBuilder(command(config, files, port))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                .redirectOutput(files.log().toFile())
                .start();
        AnvilProcess anvil = new AnvilProcess(child.toHandle(), port);
        files.writeRunner(new DevChainFiles.Runner(child.pid(), startMillis(child.toHandle()), port, config.chainId()));
        anvil.awaitReady(config, files);
        return anvil;
    }

    private static List<String> command(DevChainConfig config, DevChainFiles files, int port) {
        List<String> command = new ArrayList<>(List.of(
                config.anvil().toString(),
                "--host", "127.0.0.1",
                "--port", Integer.toString(port),
                "--chain-id", Long.toString(config.chainId()),
                "--state", files.state().toString(),
                "--state-interval", "1",
                "--accounts", "1",
                "--no-mining",
                "--quiet"));
        if (!Files.exists(files.state())) {
            // anvil's first blocks differ by their second only. A chain begun anew within it must still be seen as another one.
            long withinASecond = Math.floorMod(System.nanoTime(), GWEI);
            command.addAll(List.of("--block-base-fee-per-gas", Long.toString(GWEI + withinASecond)));
        }
        return command;
    }

    /** A port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    URI rpc() {
        return URI.create("http://127.0.0.1:" + port);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<ProcessHandle> onExit() {
        return process.onExit();
    }

    /** Ends it at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks it to write its state and to end; ends it if it does not. */
    void stop() {
        process.destroy();
        try {
            process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        }
    }

    private void awaitReady(DevChainConfig config, DevChainFiles files) throws ChainSetupException, IOException {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        while (!answers(config.chainId())) {
            if (!process.isAlive() || System.nanoTime() > end) {
                boolean died = !process.isAlive();
                stop();
                throw new ChainSetupException((died ? "anvil ended at once" : "anvil does not answer on port " + port)
                        + "; it said: " + said(files));
            }
            try {
                Thread.sleep(PROBE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stop();
                throw new ChainSetupException("interrupted while starting anvil", e);
            }
        }
    }

    private boolean answers(long chainId) {
        try (ChainClient client = new ChainClient(rpc(), PROBE_TIMEOUT)) {
            return client.chainId() == chainId;
        } catch (ChainException e) {
            return false;
        }
    }

    private static String said(DevChainFiles files) throws IOException {
        String text = Files.exists(files.log()) ? Files.readString(files.log()).strip() : "";
        String first = text.lines().findFirst().orElse("nothing");
        return first.length() > 300 ? first.substring(0, 300) : first;
    }

    private static Optional<ProcessHandle> find(DevChainFiles.Runner runner) {
        return ProcessHandle.of(runner.pid())
                .filter(ProcessHandle::isAlive)
                .filter(found -> startMillis(found) == runner.startedAtMillis())
                .filter(found -> found.info().command().map(command -> command.contains("anvil")).orElse(false));
    }

    /** Programs on our state file that nothing is written down about: we were killed between starting one and writing it down. */
    private static List<ProcessHandle> strays(DevChainFiles files) {
        String state = files.state().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().map(command -> command.contains("anvil")).orElse(false))
                .filter(process -> process.info().arguments().map(all -> List.of(all).contains(state)).orElse(false))
                .toList();
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static void requireFree(int port) throws ChainSetupException {
        if (!isFree(port)) {
            throw new ChainSetupException("port " + port + " on 127.0.0.1 is in use, so the dev chain cannot have it: "
                    + "stop the program that has it, or let the chain take any free port");
        }
    }

    /** Whether nobody listens on {@code port} of this machine's loopback address. */
    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static File nothing() {
        return new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }
}
