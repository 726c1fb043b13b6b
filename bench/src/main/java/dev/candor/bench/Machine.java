package dev.candor.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a result must be read with.
 *
 * @param load the system's load average of the last minute when the benchmark began; below 0 where it is not known
 */
public record Machine(String cpu, int cores, String system, String jdk, String commit, double load) {
    public static Machine detect() {
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                head(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String head() {
        try {
            String head = run("git", "rev-parse", "--short=12", "HEAD");
            String changed = run("git", "status", "--porcelain", "--untracked-files=no");
            return changed.isEmpty() ? head : head + "+changes";
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command[0] + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return output;
    }

    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cpu", cpu)
                .put("cores", cores)
                .put("system", system)
                .put("jdk", jdk)
                .put("commit", commit)
                .put("load", load);
    }

    public String text() {
        return String.format("%s, %d cores, %s%n%s%ncommit %s, load %.2f", cpu, cores, system, jdk, commit, load);
    }
}
