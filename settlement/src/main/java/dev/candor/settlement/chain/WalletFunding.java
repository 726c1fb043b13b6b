package dev.candor.settlement.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Makes an account able to pay on a chain, as far as that costs nobody anything that has a price. */
final class WalletFunding {
    private static final System.Logger LOG = System.getLogger(WalletFunding.class.getName());
    private static final BigInteger OPG = BigInteger.TEN.pow(18);
    private static final BigInteger LOW = OPG.multiply(BigInteger.valueOf(100));
    private static final BigInteger TOP_UP = OPG.multiply(BigInteger.valueOf(1000));
    private static final BigInteger UNLIMITED = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    /** The operator gives ether away only if it has this many times as much. */
    private static final BigInteger TO_SPARE = BigInteger.TEN;

    private final ChainClient chain;
    private final DirectSender sender;
    private final ChainAccount operator;
    private final Optional<DevChainRpc> dev;

    /** @param dev where ether is had for the asking */
    WalletFunding(ChainClient chain, DirectSender sender, ChainAccount operator, Optional<DevChainRpc> dev) {
        this.chain = chain;
        this.sender = sender;
        this.operator = operator;
        this.dev = dev;
    }

    /** @param ownToken whether the token was made by the operator; any other is worth something and is not given away */
    void fund(ChainAccount wallet, ContractAddresses addresses, boolean ownToken) throws ChainException, ChainSetupException {
        if (dev.isPresent()) {
            dev.get().giveEther(wallet.address());
        }
        TokenContract token = new TokenContract(chain, addresses.opg());
        if (ownToken
                && token.balanceOf(wallet.address()).compareTo(LOW) < 0
                && token.balanceOf(operator.address()).compareTo(TOP_UP) >= 0) {
            DirectSender.Call gift = new DirectSender.Call(addresses.opg(), TokenContract.transferCall(wallet.address(), TOP_UP));
            if (canAfford(operator, sender.cost(operator, List.of(gift)))) {
                send(operator, gift);
            } else {
                LOG.log(System.Logger.Level.WARNING, "the wallet {0} got no OPG: the operator {1} has no ether left for the transfer;"
                        + " send it some and start with --deploy again", wallet, operator);
            }
        }
        if (token.allowance(wallet.address(), addresses.permit2()).compareTo(UNLIMITED.shiftRight(1)) < 0) {
            DirectSender.Call approval =
                    new DirectSender.Call(addresses.opg(), TokenContract.approveCall(addresses.permit2(), UNLIMITED));
            if (hasGas(wallet, approval)) {
                send(wallet, approval);
            } else {
                LOG.log(System.Logger.Level.WARNING, "the wallet {0} has not approved Permit2: neither it nor the operator {1} has"
                        + " ether to spare for that; send the wallet some and start with --deploy again", wallet, operator);
            }
        }
    }

    /** Whether the wallet can send {@code call}, after a gift of the operator if need be. */
    private boolean hasGas(ChainAccount wallet, DirectSender.Call call) throws ChainException, ChainSetupException {
        BigInteger cost = sender.cost(wallet, List.of(call));
        if (canAfford(wallet, cost)) {
            return true;
        }
        // Twice the estimate leaves room for dearer gas, and for what OP chains take for data.
        BigInteger gift = cost.shiftLeft(1);
        if (!canAfford(operator, gift.multiply(TO_SPARE))) {
            return false;
        }
        send(operator, new DirectSender.Call(wallet.address(), gift, "0x"));
        return true;
    }

    private boolean canAfford(ChainAccount account, BigInteger wei) throws ChainException {
        return chain.etherBalance(account.address()).compareTo(wei) >= 0;
    }

    private void send(ChainAccount from, DirectSender.Call call) throws ChainException, ChainSetupException {
        sender.await(sender.send(from, List.of(call)));
    }
}
