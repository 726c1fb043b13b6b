package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.tlog.LogFormatException;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.LogVerifierKey;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of the commands that check a home's files offline, and how they tell what they found. */
final class CheckOptions {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--log-key", paramLabel = "VKEY",
            description = "Verifier key of the log, name+id+base64 (default: that of log.key in the home folder).")
    private String vkey;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    CandorHome home() {
        return folders.home();
    }

    /** @throws IOException if there is neither the option nor the file; the message says what to do */
    LogVerifierKey logKey() throws IOException {
        CandorHome home = home();
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

    /** Prints {@code view} with {@code --json}, otherwise {@code lines}; returns the exit status. */
    int print(boolean sound, Supplier<? extends JsonNode> view, Supplier<List<String>> lines) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(view.get());
        } else {
            lines.get().forEach(out::println);
        }
        return sound ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
