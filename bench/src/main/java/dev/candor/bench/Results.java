package dev.candor.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Keeps a benchmark's result as JSON and as text, under a name with the time. */
public final class Results {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final Clock clock;

    public Results(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** @return the text's file */
    public Path write(String benchmark, ObjectNode json, String text) throws IOException {
        return write(benchmark, json, text, ".txt");
    }

    /** @param ending of the text's file name. @return the text's file */
    public Path write(String benchmark, ObjectNode json, String text, String ending) throws IOException {
        Files.createDirectories(folder);
        String name = benchmark + "-" + STAMP.format(clock.instant());
        json.put("benchmark", benchmark).put("time", clock.instant().toString());
        Files.writeString(folder.resolve(name + ".json"), new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        return Files.writeString(folder.resolve(name + ending), text);
    }

    /** The value below which a share of the values lies, by the nearest rank. @param values at least one */
    public static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.clamp((int) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }
}
