package dev.candor.settlement.ledger;

import static dev.candor.settlement.ledger.LedgerFixture.NO_LIMIT;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;

/**
 * The process that is killed: reserves, then charges or releases, from several threads, and prints one line for each write
 * after the ledger has confirmed it. Arguments: the ledger's file, a seed, the first payment number.
 */
final class CrashingLedger {
    private static final int THREADS = 4;

    private CrashingLedger() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        long first = Long.parseLong(args[2]);
        SqlLedger ledger = new SqlLedger(SqlDatabase.open(Path.of(args[0])), Clock.systemUTC());
        out.println("recovered " + ledger.recover());
        ReceiptFixture receipts = new ReceiptFixture(1);
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(Long.parseLong(args[1]) * THREADS + t);
            long start = first + t;
            Thread.ofPlatform().start(() -> work(ledger, receipts, random, start, out));
        }
        Thread.currentThread().join();
    }

    private static void work(SqlLedger ledger, ReceiptFixture receipts, Random random, long start, PrintStream out) {
        for (long n = start; ; n += THREADS) {
            PaymentKey key = LedgerFixture.key(LedgerFixture.ALICE, n);
            ledger.reserve(LedgerFixture.reservation(LedgerFixture.ALICE, n), NO_LIMIT, NO_LIMIT).join();
            say(out, "reserved " + n);
            if (random.nextInt(4) == 0) {
                ledger.release(key, "for the test").join();
                say(out, "released " + n);
            } else {
                int charge = random.nextInt(1_000);
                long index = ledger.commit(receipts.commit(Optional.of(key), charge, n)).join();
                say(out, "committed " + n + " " + charge + " " + index);
            }
        }
    }

    private static void say(PrintStream out, String line) {
        synchronized (out) {
            out.println(line);
        }
    }
}
