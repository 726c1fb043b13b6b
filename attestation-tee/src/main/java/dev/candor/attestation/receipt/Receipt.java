package dev.candor.attestation.receipt;

import java.time.Instant;
import java.util.Optional;

/**
 * The signed statement about one inference ({@code docs/receipt.md}).
 *
 * @param id          CWT {@code cti}
 * @param issuer      CWT {@code iss}: the node id
 * @param issuedAt    CWT {@code iat}, whole seconds
 * @param verification the mode the request asked for
 * @param clientNonce 8 to 64 bytes the client sent, lower-case hexadecimal
 */
public record Receipt(
        ReceiptId id,
        String issuer,
        Instant issuedAt,
        Verification verification,
        RequestBinding request,
        ModelBinding model,
        RuntimeBinding runtime,
        SamplingBinding sampling,
        OutputBinding output,
        UsageBinding usage,
        Optional<PaymentBinding> payment,
        EvidenceBinding evidence,
        Optional<String> clientNonce) {}
