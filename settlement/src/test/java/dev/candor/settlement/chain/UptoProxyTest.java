package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.settlement.scheme.UptoAuthorization;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.generated.Uint256;

class UptoProxyTest {
    private static final EvmAddress OPERATOR = TestChain.OPERATOR.address();

    @TempDir
    static Path home;

    private static TestChain chain;
    private static Calls calls;
    private static UptoPermit2Scheme scheme;

    @BeforeAll
    static void start() throws Exception {
        chain = TestChain.start(home);
        calls = new Calls(chain);
        scheme = new UptoPermit2Scheme(31337, chain.addresses().permit2(), chain.addresses().uptoProxy());
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    private static UptoAuthorization signed(long cap, long nonce, Instant now) throws Exception {
        Secp256k1KeyPair wallet = Secp256k1KeyPair.of(HexFormat.of().parseHex("22".repeat(32)));
        return scheme.parse(scheme.sign(
                        wallet, TestOffers.offer(chain, cap), null, now, BigInteger.valueOf(nonce))
                .payload());
    }

    private static String settle(UptoAuthorization authorization, long amount) {
        return "0x" + HexFormat.of().formatHex(scheme.settleCalldata(authorization, BigInteger.valueOf(amount)));
    }

    private static String outcome(EvmAddress from, String call) throws ChainException {
        return calls.outcome(from, chain.addresses().uptoProxy(), call);
    }

    @Test
    void theFacilitatorMovesAPartOfTheCapOnce() throws Exception {
        BigInteger before = chain.opg(TestChain.STRANGER);
        UptoAuthorization authorization = signed(1000, 1, Instant.now());
        calls.send(TestChain.OPERATOR, chain.addresses().uptoProxy(), settle(authorization, 123));
        assertThat(chain.opg(TestChain.STRANGER).subtract(before)).isEqualTo(123);
        assertThat(outcome(OPERATOR, settle(authorization, 1))).as("the rest").isEqualTo("InvalidNonce");
        PayerReader reader = new PayerChainReader(chain.client(), chain.addresses(), Clock.systemUTC());
        assertThat(reader.nonceUsed(TestChain.WALLET.address(), BigInteger.ONE)).isTrue();
        assertThat(reader.nonceUsed(TestChain.WALLET.address(), BigInteger.valueOf(257))).isFalse();
    }

    @Test
    void nobodyButTheNamedFacilitatorMayMove() throws Exception {
        assertThat(outcome(TestChain.STRANGER, settle(signed(1000, 2, Instant.now()), 1))).isEqualTo("UnauthorizedFacilitator");
    }

    @Test
    void zeroIsNoAmount() throws Exception {
        String one = settle(signed(1000, 3, Instant.now()), 1);
        int amountWord = 10 + 4 * 64;
        String zero = one.substring(0, amountWord) + "0".repeat(64) + one.substring(amountWord + 64);
        assertThat(outcome(OPERATOR, zero)).isEqualTo("InvalidAmount");
    }

    @Test
    void moreThanTheCapIsRefused() throws Exception {
        String one = settle(signed(1000, 4, Instant.now()), 1);
        int amountWord = 10 + 4 * 64;
        String more = one.substring(0, amountWord)
                + FunctionEncoder.encodeConstructor(List.of(new Uint256(1001)))
                + one.substring(amountWord + 64);
        assertThat(outcome(OPERATOR, more)).isEqualTo("AmountExceedsPermitted");
    }

    @Test
    void aLapsedAuthorizationIsRefused() throws Exception {
        UptoAuthorization old = signed(1000, 5, Instant.now().minusSeconds(10_000));
        assertThat(outcome(OPERATOR, settle(old, 1))).isEqualTo("SignatureExpired");
    }

    @Test
    void aChangedAuthorizationIsRefused() throws Exception {
        UptoAuthorization good = signed(1000, 6, Instant.now());
        UptoAuthorization raised = new UptoAuthorization(
                good.payer(), good.token(), BigInteger.valueOf(2000), good.spender(), good.nonce(), good.deadline(), good.to(),
                good.facilitator(), good.validAfter(), good.signature());
        assertThat(outcome(OPERATOR, settle(raised, 1500))).isEqualTo("InvalidSigner");
        assertThat(outcome(OPERATOR, settle(good, 1000))).isEqualTo("ok");
    }
}
