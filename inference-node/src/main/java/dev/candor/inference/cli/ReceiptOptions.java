package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.client.verify.ReceiptBundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the commands that look at one receipt take, and how they print what they found. */
final class ReceiptOptions {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(paramLabel = "RECEIPT", description = "A saved file (ID.candor.json) or COSE bytes, a receipt id, or - for standard input.")
    private String receipt;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    ClientOptions client() {
        return client;
    }

    boolean json() {
        return json;
    }

    /** @throws Exception with a message that says what is missing */
    ReceiptBundle find(ReceiptSource source) throws Exception {
        return source.find(receipt);
    }

    /** A line for people, beside what the command prints. */
    void tell(String message) {
        command.commandLine().getErr().println("candor: " + message);
    }

    /** @param text writes the same for people */
    void print(JsonNode report, Consumer<PrintWriter> text) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(report));
        } else {
            text.accept(out);
        }
        out.flush();
    }
}
