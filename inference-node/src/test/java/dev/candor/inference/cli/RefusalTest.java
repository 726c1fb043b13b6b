package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.EvmAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final EvmAddress WALLET = EvmAddress.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    private static final Path FILE = Path.of("home", "wallet.key");

    private static String line(Optional<EvmAddress> wallet, int status, String body) {
        return new Refusal(FILE, wallet).line(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String refused(String reason) {
        return "{\"error\":{\"message\":\"Payment required: " + reason + "\",\"reason\":\"" + reason
                + "\",\"detail\":\"the payer's balance is 0, the payment may take 7\"}}";
    }

    @Test
    void namesTheWalletThatHasTooLittle() {
        assertThat(line(Optional.of(WALLET), 402, refused("permit2_insufficient_balance")))
                .startsWith("the node refused (402): ")
                .contains("the payer's balance is 0", "wallet " + WALLET.checksummed() + " has too little OPG on this chain")
                .doesNotContain("no wallet");
    }

    @Test
    void namesTheWalletThatHasNotApprovedPermit2() {
        assertThat(line(Optional.of(WALLET), 402, refused("permit2_allowance_required")))
                .contains("wallet " + WALLET.checksummed() + " has not approved Permit2")
                .doesNotContain("no wallet");
    }

    @Test
    void saysNothingOfTheWalletIfThePaymentWasAtFault() {
        assertThat(line(Optional.of(WALLET), 402, refused("permit2_invalid_nonce"))).contains("permit2_invalid_nonce").doesNotContain("wallet");
    }

    @Test
    void saysThatThereIsNoWalletOnlyIfThereIsNone() {
        assertThat(line(Optional.empty(), 402, "{\"error\":{\"message\":\"Payment required\"}}")).contains("no wallet in " + FILE);
        assertThat(line(Optional.empty(), 503, "{\"error\":{\"message\":\"busy\"}}")).isEqualTo("the node refused (503): busy");
    }

    @Test
    void survivesAnswersThatAreNotTheNodes() {
        assertThat(line(Optional.of(WALLET), 502, "<html>")).isEqualTo("the node refused (502): its answer is not JSON");
        assertThat(line(Optional.of(WALLET), 502, "")).isEqualTo("the node refused (502): no reason given");
        assertThat(line(Optional.of(WALLET), 402, "[1]")).isEqualTo("the node refused (402): no reason given");
    }
}
