package dev.candor.inference.node;

import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.inference.config.Payments;
import dev.candor.settlement.anchor.AnchorPace;
import dev.candor.settlement.anchor.AnchorWorker;
import dev.candor.settlement.anchor.SqlAnchorStore;
import dev.candor.settlement.chain.AnchorContract;
import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.PayerChainReader;
import dev.candor.settlement.facilitator.LocalFacilitator;
import dev.candor.settlement.facilitator.PaymentTerms;
import dev.candor.settlement.facilitator.SettlementWorker;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import java.time.Clock;
import java.util.function.Supplier;

/** What settles a node's payments on its chain, and anchors its log there. */
record NodeSettlement(Outbox outbox, LocalFacilitator facilitator, SqlAnchorStore anchors) {
    private static final String TOKEN_NAME = "OpenGradient";
    private static final String TOKEN_VERSION = "1";

    /** @param closing gets what is started */
    static NodeSettlement start(
            Payments payments,
            NodeChain chain,
            ChainAccount operator,
            SqlDatabase database,
            SqlLedger ledger,
            Supplier<SignedCheckpoint> checkpoint,
            Clock clock,
            Closing closing) {
        ContractAddresses addresses = chain.addresses();
        Outbox outbox = closing.add(Outbox.start(database, chain.client(), chain.id(), operator, chain.outbox(), clock));
        chain.devChain().ifPresent(dev -> dev.mineWhile(outbox::hasUnconfirmed));
        PayerChainReader payers = new PayerChainReader(chain.client(), addresses, clock);
        UptoPermit2Scheme scheme = new UptoPermit2Scheme(chain.id(), addresses.permit2(), addresses.uptoProxy());
        closing.add(new SettlementWorker(ledger, outbox, chain.client(), scheme, addresses, payers, clock)).start();
        AnchorContract contract = new AnchorContract(chain.client(), addresses.anchor().orElseThrow());
        SqlAnchorStore anchors = new SqlAnchorStore(database, chain.id(), contract.address(), operator.address());
        closing.add(new AnchorWorker(checkpoint, outbox, chain.client(), contract, anchors, AnchorPace.standard(), clock)).start();
        PaymentTerms terms = PaymentTerms.of(
                addresses.opg(), TOKEN_NAME, TOKEN_VERSION, payments.payTo().orElse(operator.address()), operator.address(), payments.maxExposure());
        return new NodeSettlement(outbox, new LocalFacilitator(scheme, terms, ledger, payers, clock), anchors);
    }
}
