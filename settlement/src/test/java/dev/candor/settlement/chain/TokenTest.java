package dev.candor.settlement.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint8;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

class TokenTest {
    private static final String TRANSFER = "TransferWithAuthorization(address from,address to,uint256 value,"
            + "uint256 validAfter,uint256 validBefore,bytes32 nonce)";
    private static final String RECEIVE = "ReceiveWithAuthorization(address from,address to,uint256 value,"
            + "uint256 validAfter,uint256 validBefore,bytes32 nonce)";
    private static final String PERMIT =
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
    private static final Uint256 NEVER = new Uint256(BigInteger.TWO.pow(64));
    private static final EvmAddress SENDER = TestChain.OPERATOR.address();

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

    private static EvmAddress token() {
        return chain.addresses().opg();
    }

    private static String authorized(
            String function, String type, ChainAccount signer, EvmAddress to, long value, Uint256 after, Uint256 before, String nonce)
            throws Exception {
        Address from = new Address(TestChain.WALLET.address().value());
        Address payee = new Address(to.value());
        Uint256 amount = new Uint256(value);
        Bytes32 random = new Bytes32(Numeric.hexStringToByteArray(Hash.sha3String(nonce)));
        Sign.SignatureData signature = calls.sign(signer, token(), type, from, payee, amount, after, before, random);
        return Calls.encode(
                function, from, payee, amount, after, before, random,
                new Uint8(new BigInteger(1, signature.getV())), new Bytes32(signature.getR()), new Bytes32(signature.getS()));
    }

    private static String transfer(ChainAccount signer, long value, Uint256 after, Uint256 before, String nonce) throws Exception {
        return authorized(
                "transferWithAuthorization", TRANSFER, signer, TestChain.STRANGER, value, after, before, nonce);
    }

    @Test
    void theDomainIsTheOneThatClientsSignFor() throws Exception {
        String domain = Hash.sha3(Hash.sha3String(
                        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
                + Hash.sha3String("OpenGradient").substring(2)
                + Hash.sha3String("1").substring(2)
                + Numeric.toHexStringNoPrefixZeroPadded(BigInteger.valueOf(31337), 64)
                + "0".repeat(24) + token().value().substring(2));
        assertThat(chain.client().call(null, token(), Calls.encode("DOMAIN_SEPARATOR"))).isEqualTo(domain);
        assertThat(new BigInteger(chain.client().call(null, token(), Calls.encode("decimals")).substring(2), 16)).isEqualTo(18);
    }

    @Test
    void anAuthorizationWithARandomNonceMovesTokensOnce() throws Exception {
        BigInteger before = chain.opg(TestChain.STRANGER);
        String call = transfer(TestChain.WALLET, 42, new Uint256(BigInteger.ZERO), NEVER, "once");
        calls.send(TestChain.OPERATOR, token(), call);
        assertThat(chain.opg(TestChain.STRANGER).subtract(before)).isEqualTo(42);
        assertThat(calls.outcome(SENDER, token(), call)).isEqualTo("ERC3009UsedAuthorization");
    }

    @Test
    void anAuthorizationByAnotherSignerIsRefused() throws Exception {
        String call = transfer(TestChain.OPERATOR, 42, new Uint256(BigInteger.ZERO), NEVER, "forged");
        assertThat(calls.outcome(SENDER, token(), call)).isEqualTo("ERC3009InvalidSignature");
    }

    @Test
    void anAuthorizationIsGoodInItsTimeOnly() throws Exception {
        Uint256 now = new Uint256(BigInteger.valueOf(Instant.now().getEpochSecond()));
        Uint256 later = new Uint256(now.getValue().add(BigInteger.valueOf(3600)));
        Uint256 earlier = new Uint256(now.getValue().subtract(BigInteger.valueOf(3600)));
        assertThat(calls.outcome(SENDER, token(), transfer(TestChain.WALLET, 1, later, NEVER, "early")))
                .isEqualTo("ERC3009InvalidAuthorizationTime");
        assertThat(calls.outcome(SENDER, token(), transfer(TestChain.WALLET, 1, new Uint256(0), earlier, "late")))
                .isEqualTo("ERC3009InvalidAuthorizationTime");
        Uint256 blockFlag = new Uint256(BigInteger.ONE.shiftLeft(47));
        Uint256 flaggedEnd = new Uint256(BigInteger.ONE.shiftLeft(47).add(BigInteger.TEN.pow(9)));
        assertThat(calls.outcome(SENDER, token(), transfer(TestChain.WALLET, 1, blockFlag, flaggedEnd, "blocks")))
                .as("bit 47 is no switch to block numbers")
                .isEqualTo("ERC3009InvalidAuthorizationTime");
    }

    @Test
    void onlyThePayeeReceivesWithAuthorization() throws Exception {
        String call = authorized(
                "receiveWithAuthorization", RECEIVE, TestChain.WALLET, TestChain.STRANGER, 1, new Uint256(0), NEVER, "receive");
        assertThat(calls.outcome(SENDER, token(), call)).startsWith("reverted with");
        assertThat(calls.outcome(TestChain.STRANGER, token(), call)).isEqualTo("ok");
    }

    @Test
    void aPermitGivesAnAllowanceOnce() throws Exception {
        Address owner = new Address(TestChain.WALLET.address().value());
        Address spender = new Address(TestChain.STRANGER.value());
        Uint256 value = new Uint256(77);
        Sign.SignatureData signature =
                calls.sign(TestChain.WALLET, token(), PERMIT, owner, spender, value, new Uint256(0), NEVER);
        String call = Calls.encode(
                "permit", owner, spender, value, NEVER,
                new Uint8(new BigInteger(1, signature.getV())), new Bytes32(signature.getR()), new Bytes32(signature.getS()));
        calls.send(TestChain.OPERATOR, token(), call);
        TokenContract opg = new TokenContract(chain.client(), token());
        assertThat(opg.allowance(TestChain.WALLET.address(), TestChain.STRANGER)).isEqualTo(77);
        assertThat(calls.outcome(SENDER, token(), call)).isEqualTo("ERC2612InvalidSigner");
    }
}
