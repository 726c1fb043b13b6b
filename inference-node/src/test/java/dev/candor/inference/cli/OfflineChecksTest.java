package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.inference.config.CandorHome;
import dev.candor.settlement.anchor.LogWriter;
import dev.candor.settlement.ledger.SqlDatabase;
import dev.candor.settlement.ledger.SqlLedger;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code candor log fsck} and {@code candor ledger audit} over a home that a node left. */
class OfflineChecksTest {
    private static final int LEAVES = 7;

    @TempDir
    private Path folder;

    private CandorHome home;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void leaveAHome() throws Exception {
        home = new CandorHome(folder.resolve("home")).create();
        LogKey key = LogKey.loadOrCreate(home.logKey(), new SecureRandom());
        try (SqlLedger ledger = openLedger();
                TileLog log = TileLog.open(home.log(), key);
                LogWriter writer = LogWriter.start(ledger, log, Clock.systemUTC())) {
            for (int i = 0; i < LEAVES; i++) {
                ledger.appendLeaf(leaf(i)).join();
            }
            writer.signal();
        }
    }

    @Test
    void aSoundHomePassesBothChecks() throws Exception {
        assertThat(run("log", "fsck")).isZero();
        assertThat(out.toString()).contains("the log is sound: 7 entries of candor.node/candor-");
        assertThat(run("ledger", "audit")).isZero();
        assertThat(out.toString()).contains("7 of 7 leaves").contains("the ledger is sound").doesNotContain("wait");
    }

    @Test
    void bothSpeakJson() throws Exception {
        assertThat(run("log", "fsck", "--json")).isZero();
        JsonNode log = new ObjectMapper().readTree(out.toString());
        assertThat(log.get("sound").booleanValue()).isTrue();
        assertThat(log.get("size").longValue()).isEqualTo(LEAVES);
        assertThat(run("ledger", "audit", "--json")).isZero();
        JsonNode ledger = new ObjectMapper().readTree(out.toString());
        assertThat(ledger.get("log_size").longValue()).isEqualTo(LEAVES);
        assertThat(ledger.get("pending").longValue()).isZero();
        assertThat(ledger.get("faults")).isEmpty();
    }

    @Test
    void aFlippedBitInTheLogFailsTheFsckAndNamesTheFile() throws Exception {
        Path tile = home.log().resolve("tile/0/000.p/7");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[40] ^= 4;
        Files.write(tile, bytes);

        assertThat(run("log", "fsck")).isEqualTo(1);
        assertThat(out.toString()).contains("fault: tile/0/000.p/7: differs").contains("hash 1 is").contains("NOT sound");
        assertThat(run("log", "fsck", "--json")).isEqualTo(1);
        assertThat(new ObjectMapper().readTree(out.toString()).get("sound").booleanValue()).isFalse();
    }

    @Test
    void aLogWrittenFromOtherLeavesFailsTheAudit() throws Exception {
        remove(home.log());
        List<byte[]> other = new ArrayList<>();
        for (int i = 0; i < LEAVES; i++) {
            other.add(leaf(i == 3 ? 99 : i));
        }
        try (TileLog log = TileLog.open(home.log(), LogKey.load(home.logKey()))) {
            log.append(0, other);
        }

        assertThat(run("log", "fsck")).as("the log is sound in itself").isZero();
        assertThat(run("ledger", "audit")).isEqualTo(1);
        assertThat(out.toString()).contains("fault: entry 3: the log has leaf hash");
    }

    @Test
    void leavesThatWaitForTheLogAreToldAndAreNoFault() throws Exception {
        try (SqlLedger ledger = openLedger()) {
            ledger.appendLeaf(leaf(LEAVES)).join();
        }

        assertThat(run("ledger", "audit")).isZero();
        assertThat(out.toString()).contains("7 of 8 leaves; 1 wait");
    }

    @Test
    void anUnreadableAttestationIsAFault() throws Exception {
        Files.createDirectories(home.attestations());
        Files.writeString(home.attestations().resolve("ab.json"), "{}");

        assertThat(run("ledger", "audit")).isEqualTo(1);
        assertThat(out.toString()).contains("fault: attestation ab.json");
    }

    @Test
    void aHomeWithoutAKeyOrLedgerGetsOneClearLine() {
        String empty = folder.resolve("empty").toString();

        assertThat(execute("log", "fsck", "--home", empty)).isEqualTo(1);
        assertThat(err.toString()).contains("there is no log key at " + empty).hasLineCount(1);
        assertThat(execute("ledger", "audit", "--home", empty)).isEqualTo(1);
        assertThat(err.toString()).contains("there is no ledger at " + empty).hasLineCount(1);
    }

    @Test
    void aCopyIsCheckedWithTheVerifierKeyAlone() throws Exception {
        String vkey = LogKey.load(home.logKey()).verifierKey().vkey();
        Files.delete(home.logKey());

        assertThat(run("log", "fsck", "--log-key", vkey)).isZero();
        assertThat(run("log", "fsck", "--log-key", "name+12345678+AAAA")).isEqualTo(1);
        assertThat(err.toString()).contains("--log-key: verifier key");
    }

    private SqlLedger openLedger() {
        return new SqlLedger(SqlDatabase.open(home.ledger()), Clock.systemUTC());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home.root().toString()));
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private static byte[] leaf(int index) {
        return LogEntry.keyStatement(Digest.sha256(new byte[] {(byte) index})).bytes();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
