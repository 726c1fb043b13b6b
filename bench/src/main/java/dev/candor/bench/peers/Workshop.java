package dev.candor.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A folder of the cache in which one peer is installed once, with the scripts that come with this program. */
final class Workshop {
    private static final int SHOWN = 300;

    private final Path folder;

    Workshop(Path cache, String peer) {
        this.folder = cache.toAbsolutePath().resolve("bench").resolve(peer);
    }

    /** Puts a peer into its folder. */
    @FunctionalInterface
    interface Steps {
        void run() throws PeerException, IOException;
    }

    Path folder() {
        return folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /**
     * Runs {@code steps} unless they ran to their end before for the same {@code pins}; other processes wait meanwhile.
     *
     * @param pins what exactly is installed, by version
     */
    void install(String pins, Steps steps) throws PeerException {
        try {
            Files.createDirectories(folder);
            Path stamp = file("installed");
            try (FileChannel channel = FileChannel.open(file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                if (!Files.exists(stamp) || !Files.readString(stamp).equals(pins)) {
                    System.out.println("installing " + pins + " in " + folder + " …");
                    steps.run();
                    Files.writeString(stamp, pins);
                }
            }
        } catch (IOException e) {
            throw new PeerException("cannot install " + pins + " in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Copies one of this program's own files into the folder. */
    Path script(String name) throws PeerException {
        try (InputStream in = Workshop.class.getResourceAsStream(name)) {
            Files.createDirectories(folder);
            Files.copy(in, file(name), StandardCopyOption.REPLACE_EXISTING);
            return file(name);
        } catch (IOException e) {
            throw new PeerException("cannot write " + file(name) + ": " + e.getMessage(), e);
        }
    }

    /** Runs a command in the folder to its end; what it says is kept in {@code log}. */
    void run(String log, Duration limit, Map<String, String> environment, List<String> command) throws PeerException {
        Path output = file(log);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended;
            try (Child _ = new Child(process)) {
                ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            }
            if (!ended) {
                throw new PeerException(command.getFirst() + " did not end within " + limit.toMinutes() + " minutes; see " + output);
            }
            if (process.exitValue() != 0) {
                throw new PeerException(command.getFirst() + " failed: " + lastLine(output) + " (see " + output + ")");
            }
        } catch (IOException e) {
            throw new PeerException(command.getFirst() + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted while " + command.getFirst() + " ran", e);
        }
    }

    static String lastLine(Path output) throws IOException {
        String last = Files.readString(output).lines().filter(line -> !line.isBlank()).reduce((before, line) -> line).orElse("it said nothing");
        return last.length() > SHOWN ? last.substring(0, SHOWN) : last;
    }
}
