package dev.candor.inference.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder that holds all state, readable by its owner only.
 *
 * @param root absolute path
 */
public record CandorHome(Path root) {
    public CandorHome {
        root = root.toAbsolutePath().normalize();
    }

    /** The home of who names none: {@code ~/.candor}. */
    public static CandorHome standard() {
        return new CandorHome(Path.of(System.getProperty("user.home"), ".candor"));
    }

    /** Creates the folder with mode 0700 if it is not there. */
    public CandorHome create() throws IOException {
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root.getParent());
            Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return this;
    }

    /** Private key of the demo wallet, hexadecimal, mode 0600. */
    public Path walletKey() {
        return root.resolve("wallet.key");
    }

    /** Private key of the account that settles and anchors, hexadecimal, mode 0600. */
    public Path operatorKey() {
        return root.resolve("operator.key");
    }

    /** What lets programs on other machines load and unload models, mode 0600. */
    public Path operatorToken() {
        return root.resolve("operator.token");
    }

    /** Digests of the keys given to clients, mode 0600. */
    public Path apiKeys() {
        return root.resolve("api-keys");
    }

    /** Ed25519 seed of the log, hexadecimal, mode 0600. */
    public Path logKey() {
        return root.resolve("log.key");
    }

    public Path ledger() {
        return root.resolve("ledger.db");
    }

    /** The log, in the C2SP tile layout. */
    public Path log() {
        return root.resolve("log");
    }

    /** One {@code <evidence digest>.json} for each start of the node. */
    public Path attestations() {
        return root.resolve("attestations");
    }

    /** State of the embedded dev chain. */
    public Path chain() {
        return root.resolve("chain");
    }

    /** What clients keep, {@code ID.candor.json}. */
    public Path receipts() {
        return root.resolve("receipts");
    }

    /** What the running node says of itself: its URL and process id. */
    public Path nodeJson() {
        return root.resolve("node.json");
    }

    /** Locked for as long as a node runs on this home. */
    public Path nodePid() {
        return root.resolve("node.pid");
    }

    /** Addresses of contracts on chains that this build does not know, {@code <chainId>.json}. */
    public Path contracts() {
        return root.resolve("contracts").resolve("addresses");
    }

    /** One file for each verifying proxy that runs on this home. */
    public Path proxies() {
        return root.resolve("proxies");
    }

    public Path nodeLog() {
        return root.resolve("node.log");
    }

    /** Prices asked lately, so that offers made before a restart stay good. */
    public Path prices() {
        return root.resolve("prices.json");
    }

    public Path config() {
        return root.resolve("candor.conf");
    }

    /** Where the cache is unless told otherwise. */
    public Path defaultCache() {
        return root.resolve("cache");
    }
}
