package dev.candor.inference.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Runs a command of this program in a process that outlives this one, and shows what it says until it is ready. */
final class Detached {
    private static final long POLL_MILLIS = 50;

    private final Path log;
    private final PrintWriter out;

    /** @param log takes all that the process prints */
    Detached(Path log, PrintWriter out) {
        this.log = log;
        this.out = out;
    }

    /**
     * Starts the command and waits.
     *
     * @param ready asked again and again with the process's id
     * @return false if the process ended before it was ready; what it said was shown
     */
    boolean start(List<String> arguments, Predicate<Long> ready) throws IOException, InterruptedException {
        Files.deleteIfExists(log);
        Files.createFile(log);
        Process process = new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        int shown = 0;
        while (true) {
            boolean alive = process.isAlive();
            boolean done = alive && ready.test(process.pid());
            shown = show(shown);
            if (done || !alive) {
                return done;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private int show(int shown) throws IOException {
        byte[] all = Files.readAllBytes(log);
        out.print(new String(all, shown, all.length - shown, StandardCharsets.UTF_8));
        out.flush();
        return all.length;
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add("nohup");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar") && !classPath.contains(System.getProperty("path.separator"))) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, Main.class.getName()));
        }
        command.addAll(arguments);
        return command;
    }
}
