package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/** Short forms of what contract tests do. */
final class Calls {
    private final TestChain chain;

    Calls(TestChain chain) {
        this.chain = chain;
    }

    static String encode(String name, Type<?>... arguments) {
        return FunctionEncoder.encode(new Function(name, List.of(arguments), List.of()));
    }

    /** Sends a transaction and waits until it is mined. */
    void send(ChainAccount from, EvmAddress to, String call) throws ChainException, ChainSetupException {
        DirectSender sender = new DirectSender(chain.client(), chain.chain().chainId(), Optional.of(chain.chain()));
        sender.await(sender.send(from, List.of(new DirectSender.Call(to, call))));
    }

    /** The name of the error that a call reverts with, or "ok". */
    String outcome(EvmAddress from, EvmAddress to, String call) throws ChainException {
        try {
            chain.client().call(from, to, call);
            return "ok";
        } catch (ChainRpcException e) {
            return RevertReason.of(e.data());
        }
    }

    /** Signs EIP-712 typed data of a contract that tells its own domain separator. */
    Sign.SignatureData sign(ChainAccount signer, EvmAddress contract, String type, Type<?>... members) throws ChainException {
        String domain = chain.client().call(null, contract, encode("DOMAIN_SEPARATOR"));
        StringBuilder struct = new StringBuilder(Hash.sha3String(type));
        for (Type<?> member : members) {
            struct.append(FunctionEncoder.encodeConstructor(List.of(member)));
        }
        String digest = Hash.sha3("0x1901" + domain.substring(2) + Hash.sha3(struct.toString()).substring(2));
        return Sign.signMessage(Numeric.hexStringToByteArray(digest), signer.credentials().getEcKeyPair(), false);
    }
}
