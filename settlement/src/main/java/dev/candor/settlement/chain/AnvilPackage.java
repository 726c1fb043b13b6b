package dev.candor.settlement.chain;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Foundry's {@code anvil}, a local EVM chain, from npm: one native program per platform, pinned by digest. */
public final class AnvilPackage {
    static final String VERSION = "1.7.1";

    private static final Duration LOCK_LIMIT = Duration.ofMinutes(10);
    private static final long MAX_BINARY_BYTES = 256L << 20;
    private static final Map<String, NpmPackage> PINNED = Map.of(
            "linux-amd64",
            new NpmPackage(
                    "@foundry-rs/anvil-linux-amd64",
                    VERSION,
                    new Digest("5727dd8f08f3bf6dde4ec1d9832e87c43f9315ef824bff1ab18486bf51bc7af3"),
                    18_891_190,
                    "the program of the dev chain"));

    private final Path packages;
    private final String platform;
    private final NpmFetcher npm;

    /** @param cache folder of re-creatable things ({@code $CANDOR_CACHE}) */
    public AnvilPackage(Path cache, ProvisionListener listener) {
        this(cache, platform(System.getProperty("os.name"), System.getProperty("os.arch")), new NpmFetcher(listener));
    }

    AnvilPackage(Path cache, String platform, NpmFetcher npm) {
        this.packages = cache.resolve("packages");
        this.platform = platform;
        this.npm = npm;
    }

    /** The program, fetched first if it is not there. Safe to call in two processes at once. */
    public Path provision() throws ChainSetupException {
        Path binary = packages.resolve("anvil-" + VERSION).resolve(platform.startsWith("win32") ? "anvil.exe" : "anvil");
        if (Files.isExecutable(binary)) {
            return binary;
        }
        NpmPackage wanted = PINNED.get(platform);
        if (wanted == null) {
            throw new ChainSetupException("the dev chain's program is pinned for " + PINNED.keySet() + " and not for " + platform
                    + ": put an anvil " + VERSION + " of your own at " + binary + ", or use another chain with --chain URL");
        }
        try {
            Files.createDirectories(binary.getParent());
            try (CacheLock lock = CacheLock.acquire(packages.resolve("anvil-" + VERSION + ".lock"), LOCK_LIMIT)) {
                return Files.isExecutable(binary) ? binary : unpack(wanted, binary);
            }
        } catch (IOException e) {
            throw new ChainSetupException("cannot install anvil below " + packages + ": " + e.getMessage(), e);
        }
    }

    private Path unpack(NpmPackage wanted, Path binary) throws ChainSetupException, IOException {
        Path archive = npm.fetch(wanted, packages);
        Path unpacked = binary.resolveSibling("anvil.part");
        new TarGz(archive).extract("package/bin/" + binary.getFileName(), unpacked, MAX_BINARY_BYTES);
        if (!unpacked.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + unpacked + " executable");
        }
        Files.move(unpacked, binary, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(archive);
        return binary;
    }

    static String platform(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String family = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "win32" : "linux";
        String arch = switch (osArch) {
            case "aarch64", "arm64" -> "arm64";
            case "amd64", "x86_64" -> "amd64";
            default -> osArch;
        };
        return family + "-" + arch;
    }
}
