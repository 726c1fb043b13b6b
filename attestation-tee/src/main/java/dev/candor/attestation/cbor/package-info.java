/** CBOR in its deterministic encoding (RFC 8949) and COSE_Sign1 (RFC 9052). */
package dev.candor.attestation.cbor;
