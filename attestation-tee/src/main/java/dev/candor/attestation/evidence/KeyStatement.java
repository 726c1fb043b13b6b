package dev.candor.attestation.evidence;

import dev.candor.attestation.crypto.EvmAddress;
import java.util.Optional;

/**
 * What the node says of its keys; its digest is what Evidence binds.
 *
 * @param nodeId     {@code candor-} and 16 hexadecimal digits
 * @param purpose    always {@code candor receipt key v1}
 * @param receiptKey compressed secp256k1 public key, 66 hexadecimal digits
 * @param logOrigin  origin line of the node's log
 * @param logKey     the log's verifier key (C2SP signed-note vkey)
 * @param operator   the account that settles and anchors, where the node has a chain
 * @param chainId    that chain, where the node has one
 * @param anchor     the ReceiptAnchor contract on it, where the node has one
 * @param tlsKey     SHA-256 of the TLS key's SubjectPublicKeyInfo, hexadecimal, where the node ends TLS itself
 * @param nonce      hexadecimal, fresh at each start
 */
public record KeyStatement(
        String nodeId,
        String purpose,
        String receiptKey,
        String logOrigin,
        String logKey,
        Optional<EvmAddress> operator,
        Optional<Long> chainId,
        Optional<EvmAddress> anchor,
        Optional<String> tlsKey,
        String nonce) {}
