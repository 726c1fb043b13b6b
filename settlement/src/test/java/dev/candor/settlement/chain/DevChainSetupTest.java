package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevChainSetupTest {
    private static final ChainAccount OPERATOR = ChainAccount.fromHex("11".repeat(32));
    private static final ChainAccount WALLET = ChainAccount.fromHex("22".repeat(32));

    @TempDir
    Path home;

    private DevChainSetup setup() {
        return new DevChainSetup(home, TestCache.folder(), 31337, 0, OPERATOR, WALLET);
    }

    @Test
    void aChainIsSetUpOnceAndFoundAgain() throws Exception {
        DevChainSetup.Ready first = setup().start(ProvisionListener.SILENT);
        PayerFunds funds;
        long height;
        try (ChainClient client = new ChainClient(first.chain().rpc())) {
            assertThat(new ContractCheck(client).missing(first.addresses())).isEmpty();
            funds = new PayerChainReader(client, first.addresses(), Clock.systemUTC()).funds(WALLET.address());
            height = client.blockNumber();
        } finally {
            first.chain().close();
        }
        assertThat(funds.spendable()).isPositive();

        DevChainSetup.Ready second = setup().start(ProvisionListener.SILENT);
        try (ChainClient client = new ChainClient(second.chain().rpc())) {
            assertThat(second.addresses()).isEqualTo(first.addresses());
            assertThat(client.blockNumber()).as("nothing was done again").isEqualTo(height);
        } finally {
            second.chain().close();
        }
    }
}
