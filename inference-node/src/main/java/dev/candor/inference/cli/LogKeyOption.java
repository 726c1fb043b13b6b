package dev.candor.inference.cli;

import dev.candor.attestation.tlog.LogFormatException;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.LogVerifierKey;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Option;

/** Whose signature a log must bear. */
final class LogKeyOption {
    @Option(names = "--log-key", paramLabel = "VKEY",
            description = "Verifier key of the log, name+id+base64 (default: that of log.key in the home folder).")
    private String vkey;

    /** @throws IOException if there is neither the option nor the file; the message says what to do */
    LogVerifierKey key(CandorHome home) throws IOException {
        if (vkey != null) {
            try {
                return LogVerifierKey.parse(vkey);
            } catch (LogFormatException e) {
                throw new IOException("--log-key: " + e.getMessage(), e);
            }
        }
        if (!Files.exists(home.logKey())) {
            throw new IOException("there is no log key at " + home.logKey()
                    + ": name the folder with --home, or the key with --log-key");
        }
        return LogKey.load(home.logKey()).verifierKey();
    }
}
