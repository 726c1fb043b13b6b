package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EvidenceBinding;

/**
 * What every receipt of this node's run says of the node.
 *
 * @param nodeId   {@code candor-} and 16 hexadecimal digits
 * @param version  of the node
 * @param build    SHA-256 over the node's program files
 * @param evidence in force
 */
public record NodeIdentity(String nodeId, String version, Digest build, EvidenceBinding evidence) {}
