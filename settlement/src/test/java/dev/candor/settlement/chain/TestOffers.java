package dev.candor.settlement.chain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.settlement.x402.PaymentRequirements;
import org.web3j.crypto.Keys;

/** Offers as the node makes them, to be paid to {@link TestChain#STRANGER}. */
public final class TestOffers {
    private TestOffers() {}

    public static PaymentRequirements offer(TestChain chain, long cap) {
        return new PaymentRequirements(
                "upto",
                "eip155:" + chain.chain().chainId(),
                Keys.toChecksumAddress(chain.addresses().opg().value()),
                Keys.toChecksumAddress(TestChain.STRANGER.value()),
                3600,
                Long.toString(cap),
                JsonNodeFactory.instance.objectNode()
                        .put("name", "OpenGradient")
                        .put("version", "1")
                        .put("assetTransferMethod", "permit2")
                        .put("facilitatorAddress", Keys.toChecksumAddress(TestChain.OPERATOR.address().value())));
    }
}
