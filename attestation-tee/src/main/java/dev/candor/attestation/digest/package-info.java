/** Digests and the JSON that digests are taken of: SHA-256, Keccak-256, strict reading, RFC 8785. */
package dev.candor.attestation.digest;
