package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint8;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/** What x402's clients and tools rely on in the proxies besides {@code upto}'s plain settlement. */
class Permit2ProxyTest {
    private static final String TOKEN_TYPE = "TokenPermissions(address token,uint256 amount)";
    private static final String EXACT_WITNESS = "Witness(address to,uint256 validAfter)";
    private static final String UPTO_WITNESS = "Witness(address to,address facilitator,uint256 validAfter)";
    private static final Uint256 DEADLINE = new Uint256(BigInteger.TWO.pow(40));
    private static final Address PAYEE = new Address(TestChain.STRANGER.value());
    private static final Uint256 ANY_TIME = new Uint256(0);

    @TempDir
    static Path home;

    private static TestChain chain;
    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        chain = TestChain.start(home);
        calls = new Calls(chain);
    }

    @AfterAll
    static void stop() {
        chain.close();
    }

    private static Address opg() {
        return new Address(chain.addresses().opg().value());
    }

    private static Bytes32 struct(String type, Type<?>... members) {
        StringBuilder data = new StringBuilder(Hash.sha3String(type));
        for (Type<?> member : members) {
            data.append(FunctionEncoder.encodeConstructor(List.of(member)));
        }
        return new Bytes32(Numeric.hexStringToByteArray(Hash.sha3(data.toString())));
    }

    private static DynamicBytes permit2(
            ChainAccount owner, EvmAddress spender, long amount, long nonce, String witnessType, Bytes32 witness) throws Exception {
        String type = "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,"
                + "Witness witness)" + TOKEN_TYPE + witnessType;
        Sign.SignatureData signature = calls.sign(
                owner, chain.addresses().permit2(), type, struct(TOKEN_TYPE, opg(), new Uint256(amount)),
                new Address(spender.value()), new Uint256(nonce), DEADLINE, witness);
        byte[] bytes = new byte[65];
        System.arraycopy(signature.getR(), 0, bytes, 0, 32);
        System.arraycopy(signature.getS(), 0, bytes, 32, 32);
        bytes[64] = signature.getV()[0];
        return new DynamicBytes(bytes);
    }

    private static StaticStruct permit(long amount, long nonce) {
        return new StaticStruct(new StaticStruct(opg(), new Uint256(amount)), new Uint256(nonce), DEADLINE);
    }

    private static String exact(long amount, long nonce) throws Exception {
        Address owner = new Address(TestChain.WALLET.address().value());
        DynamicBytes signature = permit2(
                TestChain.WALLET, chain.addresses().exactProxy(), amount, nonce, EXACT_WITNESS,
                struct(EXACT_WITNESS, PAYEE, ANY_TIME));
        return Calls.encode("settle", permit(amount, nonce), owner, new StaticStruct(PAYEE, ANY_TIME), signature);
    }

    @Test
    void anybodySettlesAnExactPaymentOnce() throws Exception {
        BigInteger before = chain.opg(TestChain.STRANGER);
        String call = exact(250, 9);
        assertThat(call).startsWith("0x13cd3b53");
        calls.send(TestChain.OPERATOR, chain.addresses().exactProxy(), call);
        assertThat(chain.opg(TestChain.STRANGER).subtract(before)).isEqualTo(250);
        assertThat(calls.outcome(TestChain.STRANGER, chain.addresses().exactProxy(), call)).isEqualTo("InvalidNonce");
    }

    @Test
    void anExactPaymentOfNothingOrTooEarlyIsRefused() throws Exception {
        assertThat(calls.outcome(TestChain.STRANGER, chain.addresses().exactProxy(), exact(0, 10))).isEqualTo("InvalidAmount");
        String early = exact(1, 11);
        int validAfter = 10 + 6 * 64;
        String later = early.substring(0, validAfter) + "f".repeat(64) + early.substring(validAfter + 64);
        assertThat(calls.outcome(TestChain.STRANGER, chain.addresses().exactProxy(), later)).isEqualTo("PaymentTooEarly");
    }

    /** A wallet that never approved Permit2 and has no ether pays by two signatures. */
    @Test
    void anUptoPaymentBringsItsOwnAllowance() throws Exception {
        ChainAccount poor = ChainAccount.fromHex("44".repeat(32));
        Address owner = new Address(poor.address().value());
        calls.send(TestChain.OPERATOR, chain.addresses().opg(), TokenContract.transferCall(poor.address(), BigInteger.valueOf(1000)));
        Address permit2 = new Address(chain.addresses().permit2().value());
        Sign.SignatureData allowance = calls.sign(
                poor, chain.addresses().opg(),
                "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
                owner, permit2, new Uint256(600), new Uint256(0), DEADLINE);
        Address facilitator = new Address(TestChain.OPERATOR.address().value());
        DynamicBytes signature = permit2(
                poor, chain.addresses().uptoProxy(), 600, 1, UPTO_WITNESS, struct(UPTO_WITNESS, PAYEE, facilitator, ANY_TIME));
        StaticStruct permit2612 = new StaticStruct(
                new Uint256(600), DEADLINE, new Bytes32(allowance.getR()), new Bytes32(allowance.getS()),
                new Uint8(new BigInteger(1, allowance.getV())));
        String call = Calls.encode(
                "settleWithPermit", permit2612, permit(600, 1), new Uint256(99), owner,
                new StaticStruct(PAYEE, facilitator, ANY_TIME), signature);
        assertThat(call).startsWith("0x016c1748");
        BigInteger before = chain.opg(TestChain.STRANGER);
        calls.send(TestChain.OPERATOR, chain.addresses().uptoProxy(), call);
        assertThat(chain.opg(TestChain.STRANGER).subtract(before)).isEqualTo(99);
    }

    @ParameterizedTest
    @CsvSource({"UPTO_PROXY,ff11e7b4", "UPTO_PROXY,016c1748", "UPTO_PROXY,6afdd850",
        "EXACT_PROXY,13cd3b53", "EXACT_PROXY,fa340378", "EXACT_PROXY,6afdd850"})
    void theProxiesHaveTheSelectorsOfX402s(ContractArtifact proxy, String selector) {
        assertThat(proxy.runtimeCode().contains("63" + selector)).isTrue();
    }
}
