package dev.candor.client.pay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.scheme.PaymentSigner;
import dev.candor.settlement.x402.PaymentRequired;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.ResourceInfo;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayerTest {
    private static final String HOST = "127.0.0.1:8080";
    private static final BigInteger MOST = BigInteger.valueOf(1_000);

    private final SecureRandom random = new SecureRandom();
    private final SpendingBudget budget = SpendingBudget.inMemory(new SpendingLimits(MOST, MOST), Clock.systemUTC());
    private final Payer payer = new Payer(Secp256k1KeyPair.generate(random), budget, new X402Codec(), Clock.systemUTC(), random);

    private static String offer(String network, String amount) {
        PaymentRequirements offer = new PaymentRequirements(
                "upto", network, "0x" + "a1".repeat(20), "0x" + "b2".repeat(20), 300, amount,
                JsonNodeFactory.instance.objectNode().put("assetTransferMethod", "permit2").put("facilitatorAddress", "0x" + "c3".repeat(20)));
        return new X402Codec().encode(new PaymentRequired(
                X402Codec.VERSION, "Payment required", new ResourceInfo("http://127.0.0.1:8080/", "One answer", "application/json"), List.of(offer)));
    }

    @Test
    void paysOnADevelopmentChainWhatTheOfferAsks() throws Exception {
        assertThat(payer.pay(HOST, offer("eip155:31337", "7")).cap()).isEqualTo(7);
        assertThat(budget.spentToday()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eip155:1", "eip155:10", "eip155:8453", "eip155:84532"})
    void signsNothingForATokenThatIsNotOpg(String network) throws Exception {
        assertThatThrownBy(() -> payer.pay(HOST, offer(network, "7"))).isInstanceOf(PaymentException.class).hasMessageContaining("OPG only");
        assertThat(budget.spentToday()).isZero();
    }

    @Test
    void paysOnAChainThatItWasToldOfAndInNoOtherTokenThere(@TempDir Path folder) throws Exception {
        PayableTokens told = PayableTokens.standard().with(7_777, EvmAddress.parse("0x" + "a1".repeat(20))).with(7_778, EvmAddress.parse("0x" + "a2".repeat(20)));
        Payer informed = new Payer(PaymentSigner.of(Secp256k1KeyPair.generate(random)), told.keptIn(folder), budget, new X402Codec(), Clock.systemUTC(), random);
        Files.writeString(folder.resolve("9999.json"), ContractAddresses.builtIn(84_532).orElseThrow().json());

        assertThat(informed.pay(HOST, offer("eip155:7777", "7")).cap()).isEqualTo(7);
        assertThatThrownBy(() -> informed.pay(HOST, offer("eip155:7778", "7"))).isInstanceOf(PaymentException.class);
        assertThatThrownBy(() -> informed.pay(HOST, offer("eip155:9999", "7"))).isInstanceOf(PaymentException.class);
        assertThatThrownBy(() -> payer.pay(HOST, offer("eip155:7777", "7"))).isInstanceOf(PaymentException.class);
    }

    @Test
    void letsNoNegativeOfferMakeRoomInTheDaysLimit() throws Exception {
        payer.pay(HOST, offer("eip155:31337", "900"));
        assertThatThrownBy(() -> payer.pay(HOST, offer("eip155:31337", "-900"))).isInstanceOf(PaymentException.class);
        assertThat(budget.spentToday()).isEqualTo(900);
    }
}
