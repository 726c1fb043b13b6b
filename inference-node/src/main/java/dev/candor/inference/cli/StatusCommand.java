package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.client.pay.OpgAmount;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code candor status}: one screen about the running node. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Show what the node does, earns and has anchored.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        RunningNode node = RunningNode.of(folders.home())
                .filter(RunningNode::alive)
                .orElseThrow(() -> new NodeException("no node runs on " + folders.home().root() + ": start one with ./candor up"));
        NodeConnection connection = new ClientSetup(folders.home()).connect(node.url());
        JsonNode status = connection.get("node/status").orElseThrow(() -> new NodeException(node.url() + " has no status; is it a Candor node?"));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(status);
        } else {
            print(out, node, status);
        }
        out.flush();
        return status.path("ready").asBoolean() ? 0 : 1;
    }

    private static void print(PrintWriter out, RunningNode node, JsonNode status) {
        line(out, "node", "Candor %s, %s, pid %s, since %s", text(status, "version"), node.url(), text(status, "pid"), text(status, "started"));
        line(out, "ready", "%s", status.path("ready").asBoolean() ? "yes" : "NO: " + text(status, "unready_reason"));
        line(out, "identity", "%s, receipt key %s", text(status, "node_id"), text(status, "receipt_key"));
        line(out, "evidence", "%s %s", status.at("/evidence/kind").asText(), status.at("/evidence/note").asText(""));
        new ModelStatus(out).print(status);
        line(out, "requests", "%s since the start, %s receipts in all", text(status, "requests"), status.at("/money/receipts").asText());
        line(out, "access", "%s", access(status.path("access")));
        line(out, "earned", "%s (settled %s, to be settled %s), reserved %s, written off %s",
                opg(status, "earned"), opg(status, "settled"), opg(status, "unsettled"), opg(status, "reserved"), opg(status, "written_off"));
        line(out, "log", "%s leaves, %s integrated", status.at("/log/size").asText(), status.at("/log/integrated").asText());
        line(out, "anchor", "%s", status.at("/anchor/transaction").asText("null").equals("null")
                ? "none yet"
                : status.at("/anchor/size").asText() + " leaves in block " + status.at("/anchor/block").asText() + ", transaction "
                        + status.at("/anchor/transaction").asText());
        line(out, "chain", "%s%s at %s, %s; %s queued, %s unconfirmed", status.at("/chain/embedded").asBoolean() ? "dev chain " : "",
                status.at("/chain/id").asText(), status.at("/chain/rpc").asText(),
                status.at("/chain/reachable").asBoolean() ? "reachable" : "NOT reachable: " + status.at("/chain/trouble").asText(),
                status.at("/chain/queued").asText(), status.at("/chain/unconfirmed").asText());
    }

    private static String access(JsonNode access) {
        int keys = access.path("keys").size();
        return (access.path("require_key").asBoolean() ? "with a key only" : "open") + ", " + keys + (keys == 1 ? " key" : " keys") + " given out; "
                + limit(access, "requests_per_minute", "requests") + " and " + limit(access, "tokens_per_minute", "tokens") + " a minute for each client";
    }

    private static String limit(JsonNode access, String member, String what) {
        int limit = access.path(member).asInt();
        return (limit == 0 ? "any number of" : Integer.toString(limit)) + " " + what;
    }

    static void line(PrintWriter out, String name, String format, Object... values) {
        out.printf("%-10s%s%n", name, String.format(format, values));
    }

    static String text(JsonNode json, String name) {
        return json.path(name).asText();
    }

    private static String opg(JsonNode status, String name) {
        return new OpgAmount(new BigInteger(status.at("/money/" + name).asText("0"))).toString();
    }
}
