package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.time.Clock;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Uint256;

/** Reads payers from the token and from Permit2. */
public final class PayerChainReader implements PayerReader {
    private final ChainClient chain;
    private final TokenContract token;
    private final EvmAddress permit2;
    private final Clock clock;

    public PayerChainReader(ChainClient chain, ContractAddresses addresses, Clock clock) {
        this.chain = chain;
        this.token = new TokenContract(chain, addresses.opg());
        this.permit2 = addresses.permit2();
        this.clock = clock;
    }

    @Override
    public PayerFunds funds(EvmAddress payer) throws ChainException {
        return new PayerFunds(token.balanceOf(payer), token.allowance(payer, permit2), clock.instant());
    }

    @Override
    public boolean nonceUsed(EvmAddress owner, BigInteger nonce) throws ChainException {
        Function bitmap = new Function(
                "nonceBitmap", List.of(new Address(owner.value()), new Uint256(nonce.shiftRight(8))), List.of());
        BigInteger used = Words.of(chain.view(permit2, FunctionEncoder.encode(bitmap)), 1).number(0);
        return used.testBit(nonce.intValue() & 0xff);
    }
}
