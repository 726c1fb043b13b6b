package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploying to a chain that is not ours to arrange: an anvil without contracts, asked over RPC alone. */
class ChainBootstrapTest {
    @TempDir
    Path home;

    private DevChain chain;

    @BeforeEach
    void start() throws Exception {
        Path anvil = new AnvilPackage(TestCache.folder(), ProvisionListener.SILENT).provision();
        chain = DevChain.start(new DevChainConfig(anvil, home.resolve("chain"), 777, 0));
    }

    @AfterEach
    void stop() {
        chain.close();
    }

    private ChainBootstrap elsewhere() {
        return ChainBootstrap.onChain(
                chain.client(), 777, TestChain.OPERATOR, TestCache.folder(), ProvisionListener.SILENT);
    }

    @Test
    void whatIsMissingOnAnotherChainIsNamed() throws Exception {
        chain.devRpc().setBalance(TestChain.OPERATOR.address(), BigInteger.TEN.pow(18));
        assertThatThrownBy(() -> elsewhere().deploy(Optional.empty()))
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining("x402UptoPermit2Proxy has no code at " + ContractAddresses.UPTO_PROXY);
        assertThat(chain.client().hasCode(ContractAddresses.PERMIT2)).as("the rest was deployed").isTrue();
        assertThatThrownBy(() -> elsewhere().fund(TestChain.WALLET, ContractAddresses.builtIn(8453).orElseThrow()))
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining("dev chain only");
    }

    @Test
    void deployingTwiceChangesNothing() throws Exception {
        chain.devRpc().setBalance(TestChain.OPERATOR.address(), BigInteger.TEN.pow(18));
        chain.devRpc().setCode(ContractAddresses.UPTO_PROXY, ContractArtifact.UPTO_PROXY.runtimeCode());
        ContractAddresses first = elsewhere().deploy(Optional.empty());
        long nonce = chain.client().minedCount(TestChain.OPERATOR.address());
        assertThat(elsewhere().deploy(Optional.of(first))).isEqualTo(first);
        assertThat(chain.client().minedCount(TestChain.OPERATOR.address())).isEqualTo(nonce);
        assertThat(chain.client().code(ContractAddresses.PERMIT2)).hasSize(2 + 2 * 9152);
    }

    @Test
    void anOperatorWithoutGasMoneyIsToldSo() {
        assertThatThrownBy(() -> elsewhere().deploy(Optional.empty()))
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining(TestChain.OPERATOR.address().value())
                .hasMessageContaining("no ether");
    }

    @Test
    void contractsThatAreNotThereAreListed() throws Exception {
        assertThat(new ContractCheck(chain.client()).missing(ContractAddresses.builtIn(8453).orElseThrow()))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("OPG has no code at 0xfbc2051a"))
                .anyMatch(line -> line.startsWith("ReceiptAnchor has no address on chain 8453"));
    }
}
