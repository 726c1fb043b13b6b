package dev.candor.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;

/** Starts a server and works on until it is ended, as a benchmark does. */
final class ChildMain {
    private ChildMain() {}

    /** @param arguments the server's command, run by a shell, and the file that it writes its process id to */
    public static void main(String[] arguments) throws Exception {
        Child child = new Child(new ProcessBuilder("sh", "-c", arguments[0]).start());
        Files.writeString(Path.of(arguments[1]), Long.toString(child.process().pid()));
        Thread.currentThread().join();
    }
}
