package dev.candor.inference.cli;

import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The proxies that run on a home: a file for each, named for its port, with its process id. */
final class ProxyRecords {
    private final Path folder;

    ProxyRecords(CandorHome home) {
        this.folder = home.proxies();
    }

    /** Notes that this process is the proxy on {@code port}. */
    void add(int port) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(file(port), ProcessHandle.current().pid() + "\n");
    }

    void remove(int port) throws IOException {
        Files.deleteIfExists(file(port));
    }

    /** Asks all proxies to stop; how many there were. */
    int stopAll() throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int stopped = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                stopped += process(file).filter(ProcessHandle::destroy).isPresent() ? 1 : 0;
                Files.deleteIfExists(file);
            }
        }
        return stopped;
    }

    /** Empty for a record that a killed proxy left, also if its number was given to another program since. */
    private static Optional<ProcessHandle> process(Path file) throws IOException {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                    .filter(process -> process.info().command().filter(command -> command.endsWith("java")).isPresent());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Path file(int port) {
        return folder.resolve(Integer.toString(port));
    }
}
