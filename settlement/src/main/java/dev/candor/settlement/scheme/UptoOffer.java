package dev.candor.settlement.scheme;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.x402.PaymentRequirements;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** What an offer of the scheme {@code upto} says, read into types. */
record UptoOffer(EvmAddress asset, BigInteger cap, EvmAddress payTo, EvmAddress facilitator) {
    private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,77}");
    private static final int WORD_BITS = 256;

    /** @throws SchemeException if the offer is of another scheme, network or transfer method, or has a malformed member */
    static UptoOffer read(PaymentRequirements offer, String network) throws SchemeException {
        if (!UptoPermit2Scheme.NAME.equals(offer.scheme())) {
            throw SchemeException.invalid("unsupported_scheme", "the offer's scheme is " + offer.scheme() + ", not upto");
        }
        if (!network.equals(offer.network())) {
            throw SchemeException.invalid("invalid_network", "the offer's network is " + offer.network() + ", not " + network);
        }
        if (!UptoPermit2Scheme.TRANSFER_METHOD.equals(extra(offer, "assetTransferMethod"))) {
            throw SchemeException.invalid("invalid_payment_requirements", "the offer's extra.assetTransferMethod is not permit2");
        }
        return new UptoOffer(
                address("asset", offer.asset()),
                amount(offer.amount()),
                address("payTo", offer.payTo()),
                address("extra.facilitatorAddress", extra(offer, "facilitatorAddress")));
    }

    private static String extra(PaymentRequirements offer, String member) {
        JsonNode value = offer.extra() == null ? null : offer.extra().get(member);
        return value == null || !value.isTextual() ? "" : value.textValue();
    }

    private static EvmAddress address(String member, String text) throws SchemeException {
        try {
            return EvmAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw SchemeException.invalid("invalid_payment_requirements", "the offer's " + member + ": " + e.getMessage());
        }
    }

    private static BigInteger amount(String text) throws SchemeException {
        if (AMOUNT.matcher(text).matches()) {
            BigInteger amount = new BigInteger(text);
            if (amount.bitLength() <= WORD_BITS) {
                return amount;
            }
        }
        throw SchemeException.invalid("invalid_payment_requirements", "the offer's amount is not an unsigned 256-bit decimal number");
    }
}
