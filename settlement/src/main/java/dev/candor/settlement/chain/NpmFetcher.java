package dev.candor.settlement.chain;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fetches pinned archives with the npm client the machine has, so that its proxy and registry settings hold. */
final class NpmFetcher {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 100;

    private final String npm;
    private final ProvisionListener listener;

    NpmFetcher(ProvisionListener listener) {
        this(System.getProperty("os.name").startsWith("Windows") ? "npm.cmd" : "npm", listener);
    }

    NpmFetcher(String npm, ProvisionListener listener) {
        this.npm = npm;
        this.listener = listener;
    }

    /** Puts the archive of {@code wanted} into {@code folder} and returns it; its digest has been checked. */
    Path fetch(NpmPackage wanted, Path folder) throws ChainSetupException, IOException {
        Path cache = Files.createTempDirectory(folder, ".npm-");
        try {
            Path log = cache.resolve("npm.log");
            run(wanted, cache, log);
            Path archive = cache.resolve(wanted.fileName());
            if (!Files.isRegularFile(archive)) {
                throw new ChainSetupException("npm did not deliver " + wanted + ": " + lastLine(log));
            }
            check(wanted, archive);
            Path target = folder.resolve(wanted.fileName());
            Files.move(archive, target, StandardCopyOption.REPLACE_EXISTING);
            listener.progress(wanted.fetching(), wanted.bytes(), wanted.bytes());
            return target;
        } finally {
            delete(cache);
        }
    }

    private void run(NpmPackage wanted, Path cache, Path log) throws ChainSetupException, IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        npm, "pack", wanted.toString(), "--ignore-scripts", "--no-update-notifier", "--fetch-retries", "1",
                        "--pack-destination", cache.toString(), "--cache", cache.resolve("cache").toString()))
                .directory(cache.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new ChainSetupException(
                    "npm was not found, and the dev chain comes from npm: install Node.js 20 or newer (it brings npm)", e);
        }
        try {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                listener.progress(wanted.fetching(), Math.min(size(cache), wanted.bytes() - 1), wanted.bytes());
                if (System.nanoTime() > end) {
                    throw new ChainSetupException("npm did not deliver " + wanted + " within " + LIMIT.toMinutes() + " minutes");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainSetupException("interrupted while fetching " + wanted, e);
        } finally {
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new ChainSetupException(explain(wanted, Files.readString(log)));
        }
    }

    private static String explain(NpmPackage wanted, String output) {
        if (output.contains("E404") || output.contains("ETARGET")) {
            return "the npm registry in use does not have " + wanted + " (npm config get registry shows which it is)";
        }
        for (String code : List.of("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ECONNRESET", "ENETUNREACH")) {
            if (output.contains(code)) {
                return "npm cannot reach its registry (" + code + ") to fetch " + wanted
                        + ": check the network, or npm's proxy and registry settings";
            }
        }
        if (output.contains("ENOSPC")) {
            return "no disk space left to fetch " + wanted;
        }
        return "npm failed to fetch " + wanted + ": " + last(output);
    }

    private static void check(NpmPackage wanted, Path archive) throws ChainSetupException, IOException {
        MessageDigest sha = Digest.newSha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(archive), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        Digest got = Digest.of(sha.digest());
        if (!got.equals(wanted.sha256())) {
            throw new ChainSetupException("the registry's " + wanted + " is not the expected one (SHA-256 " + got.hex()
                    + " instead of " + wanted.sha256().hex() + "); nothing of it was used");
        }
    }

    private static long size(Path folder) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException vanished) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, IOException failure) throws IOException {
                Files.deleteIfExists(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String lastLine(Path log) throws IOException {
        return last(Files.readString(log));
    }

    private static String last(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }
}
