package dev.candor.settlement.scheme;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Keccak256;
import java.nio.charset.StandardCharsets;

/** What a payer signs: EIP-712 over Permit2's {@code PermitWitnessTransferFrom} with the witness of x402's upto proxy. */
final class UptoTypedData {
    private static final String TOKEN_PERMISSIONS = "TokenPermissions(address token,uint256 amount)";
    private static final String WITNESS = "Witness(address to,address facilitator,uint256 validAfter)";
    private static final String PERMIT =
            "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,Witness witness)"
                    + TOKEN_PERMISSIONS + WITNESS;
    private static final String DOMAIN = "EIP712Domain(string name,uint256 chainId,address verifyingContract)";
    private static final String DOMAIN_NAME = "Permit2";

    private final byte[] domainSeparator;

    UptoTypedData(long chainId, EvmAddress permit2) {
        this.domainSeparator = Keccak256.hash(new AbiWords()
                .raw(hash(DOMAIN))
                .raw(hash(DOMAIN_NAME))
                .number(chainId)
                .address(permit2)
                .bytes());
    }

    byte[] domainSeparator() {
        return domainSeparator.clone();
    }

    byte[] structHash(UptoAuthorization authorization) {
        byte[] permitted = Keccak256.hash(new AbiWords()
                .raw(hash(TOKEN_PERMISSIONS))
                .address(authorization.token())
                .number(authorization.cap())
                .bytes());
        byte[] witness = Keccak256.hash(new AbiWords()
                .raw(hash(WITNESS))
                .address(authorization.to())
                .address(authorization.facilitator())
                .number(authorization.validAfter())
                .bytes());
        return Keccak256.hash(new AbiWords()
                .raw(hash(PERMIT))
                .raw(permitted)
                .address(authorization.spender())
                .number(authorization.nonce())
                .number(authorization.deadline())
                .raw(witness)
                .bytes());
    }

    /** The 32 bytes that are signed. */
    byte[] digest(UptoAuthorization authorization) {
        return Keccak256.hash(new AbiWords()
                .raw(new byte[] {0x19, 0x01})
                .raw(domainSeparator)
                .raw(structHash(authorization))
                .bytes());
    }

    private static byte[] hash(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
    }
}
