package dev.candor.settlement.facilitator;

import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ChainClient;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.chain.Outbox;
import dev.candor.settlement.chain.OutboxConfig;
import dev.candor.settlement.chain.PayerChainReader;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Settles what a ledger holds until it is killed. */
final class SettlementCrashMain {
    private SettlementCrashMain() {}

    public static void main(String[] args) throws Exception {
        SqlDatabase database = SqlDatabase.open(Path.of(args[0]));
        ChainClient chain = new ChainClient(URI.create(args[1]));
        ContractAddresses addresses = ContractAddresses.parse(31337, args[2]);
        Clock clock = Clock.systemUTC();
        Outbox outbox = Outbox.start(
                database, chain, 31337, ChainAccount.fromHex("11".repeat(32)), OutboxConfig.devChain(), clock);
        UptoPermit2Scheme scheme = new UptoPermit2Scheme(31337, addresses.permit2(), addresses.uptoProxy());
        new SettlementWorker(
                        new SqlLedger(database, clock), outbox, chain, scheme, addresses,
                        new PayerChainReader(chain, addresses, clock), clock)
                .start();
        Files.writeString(Path.of(args[3]), "up");
        Thread.currentThread().join();
    }
}
