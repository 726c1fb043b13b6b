package dev.candor.settlement.chain;

import dev.candor.attestation.digest.Digest;

/**
 * A package of the npm registry, pinned to its bytes.
 *
 * @param version exact
 * @param sha256  of the package's archive
 * @param bytes   length of the archive
 * @param purpose what it is fetched for, in words
 */
record NpmPackage(String name, String version, Digest sha256, long bytes, String purpose) {
    /** What npm calls the archive. */
    String fileName() {
        return name.replace("@", "").replace('/', '-') + "-" + version + ".tgz";
    }

    /** What people are told while it is fetched. */
    String fetching() {
        return "fetching " + purpose + ", " + this;
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
