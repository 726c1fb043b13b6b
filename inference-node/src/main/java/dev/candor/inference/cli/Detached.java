package dev.candor.inference.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

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
     * @param ready asked again and again
     * @return false if the process ended before it was ready; what it said was shown
     */
    boolean start(List<String> arguments, Callable<Boolean> ready) throws IOException, InterruptedException {
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
            boolean done = alive && ask(ready);
            shown = show(shown);
            if (done || !alive) {
                return done;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** The arguments of the process that does the work, from those of the one that starts it. */
    static List<String> undetached(List<String> arguments) {
        List<String> own = new ArrayList<>(arguments);
        own.removeIf(argument -> argument.equals("--detach") || argument.startsWith("--detach="));
        own.add("--detach=false");
        return own;
    }

    private static boolean ask(Callable<Boolean> ready) throws IOException {
        try {
            return ready.call();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("asking whether the process is ready failed", e);
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
        command.add("-D" + StopSignal.DETACHED + "=true");
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
