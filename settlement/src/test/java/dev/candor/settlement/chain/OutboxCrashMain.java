package dev.candor.settlement.chain;

import dev.candor.settlement.ledger.SqlDatabase;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/**
 * Submits transfers to an outbox and dies at a given place: {@code before} the first transaction is handed over, though it
 * is kept, or {@code after} it.
 */
final class OutboxCrashMain {
    private static final int HALTED = 77;

    private OutboxCrashMain() {}

    public static void main(String[] args) throws Exception {
        Path database = Path.of(args[0]);
        ChainClient chain = new ChainClient(URI.create(args[1]));
        ContractAddresses addresses = ContractAddresses.parse(31337, args[2]);
        boolean before = args[3].equals("before");
        RawSender sender = raw -> {
            if (!before) {
                chain.sendRaw(raw);
            }
            Runtime.getRuntime().halt(HALTED);
        };
        Outbox outbox = new Outbox(
                SqlDatabase.open(database), chain, sender, 31337, TestChain.OPERATOR, OutboxConfig.devChain(), Clock.systemUTC());
        for (int i = 0; i < 3; i++) {
            outbox.submit("k" + i, addresses.opg(), TokenContract.transferCall(TestChain.STRANGER, BigInteger.ONE));
        }
        outbox.start();
        Thread.currentThread().join();
    }
}
