package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candor.attestation.crypto.EvmAddress;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploying to a chain that is not ours to arrange: an anvil without contracts. */
class ChainBootstrapTest {
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final BigInteger OPG_GIVEN = ETHER.multiply(BigInteger.valueOf(1000));

    @TempDir
    Path home;

    private OtherAnvil anvil;
    private ChainClient chain;
    private DevChainRpc dev;
    private final List<ContractAddresses> saved = new ArrayList<>();

    private void start(String... options) throws Exception {
        anvil = OtherAnvil.start(home, 777, options);
        chain = anvil.client();
        dev = new DevChainRpc(chain);
    }

    @AfterEach
    void stop() throws Exception {
        anvil.close();
    }

    private ChainBootstrap dev() throws ChainException {
        return ChainBootstrap.onChain(chain, 777, TestChain.OPERATOR, TestCache.folder(), ProvisionListener.SILENT);
    }

    /** The same chain, treated as one that gives nothing away. */
    private ChainBootstrap real() {
        return new ChainBootstrap(
                chain,
                777,
                TestChain.OPERATOR,
                Optional.empty(),
                Optional.empty(),
                new Permit2Package(TestCache.folder(), ProvisionListener.SILENT));
    }

    private void giveOperator(BigInteger wei) throws ChainException {
        dev.setBalance(TestChain.OPERATOR.address(), wei);
    }

    private void placeUptoProxy() throws ChainException {
        dev.setCode(ContractAddresses.UPTO_PROXY, ContractArtifact.UPTO_PROXY.runtimeCode());
    }

    private long sent() throws ChainException {
        return chain.minedCount(TestChain.OPERATOR.address());
    }

    private BigInteger opg(ContractAddresses addresses, EvmAddress owner) throws ChainException {
        return new TokenContract(chain, addresses.opg()).balanceOf(owner);
    }

    private BigInteger allowance(ContractAddresses addresses) throws ChainException {
        return new TokenContract(chain, addresses.opg()).allowance(TestChain.WALLET.address(), addresses.permit2());
    }

    @Test
    void aDevelopmentChainOfSomebodyElseIsGivenEverything() throws Exception {
        start();
        ContractAddresses addresses = dev().deploy(Optional.empty(), saved::add);
        dev().fund(TestChain.WALLET, addresses);

        assertThat(new ContractCheck(chain).missing(addresses)).isEmpty();
        assertThat(chain.hasCode(ContractAddresses.EXACT_PROXY)).isTrue();
        assertThat(chain.etherBalance(TestChain.WALLET.address())).isGreaterThan(ETHER);
        assertThat(opg(addresses, TestChain.WALLET.address())).isEqualTo(OPG_GIVEN);
        assertThat(allowance(addresses)).isEqualTo(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
        assertThat(saved).endsWith(addresses);

        long nonce = sent();
        assertThat(dev().deploy(Optional.of(addresses), saved::add)).isEqualTo(addresses);
        dev().fund(TestChain.WALLET, addresses);
        assertThat(sent()).as("a second time sends nothing").isEqualTo(nonce);
    }

    @Test
    void aDevelopmentChainWithoutTheDeployerIsGivenItToo() throws Exception {
        start("--disable-default-create2-deployer");
        assertThat(chain.hasCode(Create2.DEPLOYER)).isFalse();
        assertThat(new ContractCheck(chain).missing(dev().deploy(Optional.empty(), saved::add))).isEmpty();
    }

    @Test
    void theDeployerIsTheOneThatChainsHave() throws Exception {
        start();
        assertThat(chain.code(Create2.DEPLOYER)).isEqualTo(Create2.DEPLOYER_CODE);
    }

    @Test
    void proxiesThatAreThereStay() throws Exception {
        start();
        dev.setCode(ContractAddresses.UPTO_PROXY, "0x00");
        dev().deploy(Optional.empty(), saved::add);
        assertThat(chain.code(ContractAddresses.UPTO_PROXY)).isEqualTo("0x00");
    }

    @Test
    void aChainWithoutTheUptoProxyIsRefusedBeforeAnythingIsPaidFor() throws Exception {
        start();
        giveOperator(ETHER);
        assertThatThrownBy(() -> real().deploy(Optional.empty(), saved::add))
                .isInstanceOf(ChainSetupException.class)
                .hasMessageContaining("chain 777 has no x402 upto proxy at " + ContractAddresses.UPTO_PROXY)
                .hasMessageContaining("leave --chain out");
        assertThat(sent()).isZero();
        assertThat(saved).isEmpty();
    }

    @Test
    void anOperatorWithTooLittleEtherIsToldHowMuchBeforeAnythingIsPaidFor() throws Exception {
        start();
        placeUptoProxy();
        for (BigInteger has : List.of(BigInteger.ZERO, BigInteger.TEN.pow(12))) {
            giveOperator(has);
            assertThatThrownBy(() -> real().deploy(Optional.empty(), saved::add))
                    .isInstanceOf(ChainSetupException.class)
                    .hasMessageContaining(TestChain.OPERATOR.address().value() + " has " + (has.signum() == 0 ? "0 " : "0.000001 ") + "ether")
                    .hasMessageContaining("send it some");
        }
        assertThat(sent()).isZero();
    }

    @Test
    void addressesAreSavedOneByOneAndUsedByTheNextTry() throws Exception {
        start();
        placeUptoProxy();
        giveOperator(ETHER);
        assertThatThrownBy(() -> real().deploy(Optional.empty(), addresses -> {
                    saved.add(addresses);
                    throw new IOException("killed here");
                })).isInstanceOf(IOException.class);
        assertThat(saved).hasSize(1);
        assertThat(chain.hasCode(saved.getFirst().opg())).isTrue();

        ContractAddresses addresses = real().deploy(Optional.of(saved.getFirst()), saved::add);
        assertThat(addresses.opg()).isEqualTo(saved.getFirst().opg());
        assertThat(addresses.anchor()).isPresent();
        assertThat(sent()).as("three contracts, each once").isEqualTo(3);
        assertThat(chain.code(ContractAddresses.PERMIT2)).hasSize(2 + 2 * 9152);
        real().deploy(Optional.of(addresses), saved::add);
        assertThat(sent()).isEqualTo(3);
    }

    @Test
    void onARealChainTheOperatorPaysForTheWalletIfItHasPlenty() throws Exception {
        start();
        placeUptoProxy();
        giveOperator(ETHER);
        ContractAddresses addresses = real().deploy(Optional.empty(), saved::add);
        real().fund(TestChain.WALLET, addresses);

        assertThat(opg(addresses, TestChain.WALLET.address())).isEqualTo(OPG_GIVEN);
        assertThat(allowance(addresses)).isPositive();
        assertThat(chain.etherBalance(TestChain.WALLET.address())).isBetween(BigInteger.ONE, BigInteger.TEN.pow(16));
    }

    @Test
    void onARealChainAnOperatorWithLittleEtherGivesNoneAway() throws Exception {
        start();
        placeUptoProxy();
        giveOperator(ETHER);
        ContractAddresses addresses = real().deploy(Optional.empty(), saved::add);
        real().fund(TestChain.WALLET, addresses);
        ChainAccount second = ChainAccount.fromHex("33".repeat(32));
        giveOperator(BigInteger.TEN.pow(15));
        real().fund(second, addresses);

        assertThat(opg(addresses, second.address())).isEqualTo(OPG_GIVEN);
        assertThat(chain.etherBalance(second.address())).isZero();
    }

    @Test
    void anOperatorWhoseEtherWentIntoTheContractsStartsWithAWalletThatWaits() throws Exception {
        start();
        placeUptoProxy();
        giveOperator(ETHER);
        ContractAddresses addresses = real().deploy(Optional.empty(), saved::add);
        giveOperator(BigInteger.ZERO);
        real().fund(TestChain.WALLET, addresses);
        assertThat(opg(addresses, TestChain.WALLET.address())).isZero();
        assertThat(allowance(addresses)).isZero();
    }

    @Test
    void aTokenOfSomebodyElseIsNotGivenAway() throws Exception {
        start();
        placeUptoProxy();
        giveOperator(ETHER);
        ChainAccount other = ChainAccount.fromHex("33".repeat(32));
        dev.setBalance(other.address(), ETHER);
        ContractAddresses theirs = new ChainBootstrap(
                        chain, 777, other, Optional.empty(), Optional.empty(),
                        new Permit2Package(TestCache.folder(), ProvisionListener.SILENT))
                .deploy(Optional.empty(), saved::add);
        DirectSender sender = new DirectSender(chain, 777, Optional.empty());
        String call = TokenContract.transferCall(TestChain.OPERATOR.address(), OPG_GIVEN);
        sender.await(sender.send(other, List.of(new DirectSender.Call(theirs.opg(), call))));

        ContractAddresses used = real().deploy(Optional.of(theirs), saved::add);
        real().fund(TestChain.WALLET, used);

        assertThat(used).isEqualTo(theirs);
        assertThat(opg(theirs, TestChain.OPERATOR.address())).isEqualTo(OPG_GIVEN);
        assertThat(opg(theirs, TestChain.WALLET.address())).isZero();
    }

    @Test
    void contractsThatAreNotThereAreListed() throws Exception {
        start();
        assertThat(new ContractCheck(chain).missing(ContractAddresses.builtIn(8453).orElseThrow()))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("OPG has no code at 0xfbc2051a"))
                .anyMatch(line -> line.startsWith("ReceiptAnchor has no address on chain 8453"));
    }
}
