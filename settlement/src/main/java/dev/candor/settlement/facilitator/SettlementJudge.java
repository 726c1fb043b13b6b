package dev.candor.settlement.facilitator;

import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ChainException;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.EventLog;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.OutboxEntry;
import dev.candor.settlement.chain.PayerReader;
import dev.candor.settlement.chain.TokenContract;
import dev.candor.settlement.chain.TransactionResult;
import dev.candor.settlement.ledger.Payment;
import dev.candor.settlement.scheme.UptoAuthorization;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells from the chain what became of a settlement. A transaction that succeeded is believed only if its tokens moved. */
final class SettlementJudge {
    private static final Set<String> MAY_GO_AWAY =
            Set.of("TRANSFER_FROM_FAILED", "ERC20InsufficientBalance", "ERC20InsufficientAllowance", "PaymentTooEarly",
                    "reverted without a reason");
    private static final long SEARCHED_BLOCKS = 5_000;

    private final ChainClient chain;
    private final TokenContract token;
    private final PayerReader payers;

    SettlementJudge(ChainClient chain, ContractAddresses addresses, PayerReader payers) {
        this.chain = chain;
        this.token = new TokenContract(chain, addresses.opg());
        this.payers = payers;
    }

    /** @param call the settlement's call data, by which an earlier transaction is recognised */
    SettlementVerdict judge(Payment payment, UptoAuthorization signed, byte[] call, OutboxEntry entry) throws ChainException {
        return switch (entry.state()) {
            case QUEUED, SENT, MINED -> new SettlementVerdict.Pending();
            case CONFIRMED -> confirmed(payment, signed, entry.transaction().orElseThrow());
            case REVERTED, REFUSED -> failed(payment, signed, call, entry.detail().orElse("reverted without a reason"));
        };
    }

    private SettlementVerdict confirmed(Payment payment, UptoAuthorization signed, String transaction) throws ChainException {
        Optional<TransactionResult> result = chain.result(transaction);
        if (result.isEmpty()) {
            // A node behind the others does not know it yet; a chain that lost it lets it be done again, the nonce seeing to once.
            return payers.nonceUsed(signed.payer(), signed.nonce())
                    ? new SettlementVerdict.Pending()
                    : new SettlementVerdict.TryAgain("the chain no longer has " + transaction);
        }
        if (token.moved(result.get(), signed.payer(), signed.to(), payment.charged())) {
            return new SettlementVerdict.Settled(transaction);
        }
        return new SettlementVerdict.Hopeless("the settlement moved no tokens", Optional.of(transaction));
    }

    private SettlementVerdict failed(Payment payment, UptoAuthorization signed, byte[] call, String reason) throws ChainException {
        if (reason.equals("SignatureExpired") || reason.equals(Outbox.WITHDRAWN)) {
            return new SettlementVerdict.Hopeless("the payer's authorization lapsed before it was settled", Optional.empty());
        }
        if (payers.nonceUsed(signed.payer(), signed.nonce())) {
            return earlier(payment, signed, call)
                    .<SettlementVerdict>map(SettlementVerdict.Settled::new)
                    .orElseGet(() -> new SettlementVerdict.Hopeless("the payer used the authorization's nonce up", Optional.empty()));
        }
        return MAY_GO_AWAY.contains(reason)
                ? new SettlementVerdict.TryAgain(reason)
                : new SettlementVerdict.Hopeless("the chain refuses the settlement: " + reason, Optional.empty());
    }

    /** An earlier transaction with this very call that moved the tokens: ours, since the proxy takes it from nobody else. */
    private Optional<String> earlier(Payment payment, UptoAuthorization signed, byte[] call) throws ChainException {
        String wanted = "0x" + HexFormat.of().formatHex(call);
        long from = Math.max(0, chain.blockNumber() - SEARCHED_BLOCKS);
        List<EventLog> transfers = token.transfers(signed.payer(), signed.to(), from);
        for (EventLog transfer : transfers) {
            Optional<TransactionResult> result = chain.result(transfer.transaction());
            if (result.isPresent()
                    && token.moved(result.get(), signed.payer(), signed.to(), payment.charged())
                    && chain.input(transfer.transaction()).equals(Optional.of(wanted))) {
                return Optional.of(transfer.transaction());
            }
        }
        return Optional.empty();
    }
}
