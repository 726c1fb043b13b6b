package dev.candor.hub.manifest;

import dev.candor.attestation.digest.Digest;
import java.util.List;

/**
 * The files of one model version and their root digest.
 *
 * @param name    {@code publisher/name@version}
 * @param form    the precision, for example {@code q8}
 * @param licence SPDX identifier
 * @param files   every file of the folder but the manifest itself, sorted by path
 * @param digest  OpenSSF model signing root digest over {@code files}
 */
public record ModelManifest(String name, String form, String licence, List<ManifestFile> files, Digest digest) {}
