package dev.candor.settlement.chain;

import dev.candor.attestation.digest.Digest;

/**
 * A package of the npm registry, pinned to its bytes.
 *
 * @param version exact
 * @param sha256  of the package's archive
 * @param bytes   length of the archive
 */
record NpmPackage(String name, String version, Digest sha256, long bytes) {
    /** What npm calls the archive. */
    String fileName() {
        return name.replace("@", "").replace('/', '-') + "-" + version + ".tgz";
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
