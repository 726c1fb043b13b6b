/** ECDSA over secp256k1, for receipts and for accounts of EVM chains. */
package dev.candor.attestation.crypto;
