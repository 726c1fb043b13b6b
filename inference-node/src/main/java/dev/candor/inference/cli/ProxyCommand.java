package dev.candor.inference.cli;

import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.proxy.VerifyingProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code candor proxy}: an OpenAI-compatible server on this machine that pays a node and verifies its answers. */
@Command(name = "proxy", mixinStandardHelpOptions = true, description = "Serve any OpenAI client here, paying and verifying for it.")
final class ProxyCommand implements Callable<Integer> {
    private static final String HOST = "127.0.0.1";
    private static final String READY = "Point an OpenAI client at it";

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private ClientOptions.Spending spending = new ClientOptions.Spending();

    @Option(names = {"--port", "--proxy-port"}, defaultValue = "11435", description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--detach", description = "Return when the proxy is ready, and leave it running.")
    private boolean detach;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return detach ? detached() : run();
    }

    private int detached() throws IOException, InterruptedException {
        CandorHome home = client.folders().home().create();
        Path log = home.root().resolve("proxy.log");
        List<String> arguments = Detached.undetached(spec.root().commandLine().getParseResult().originalArgs());
        boolean ready = new Detached(log, spec.commandLine().getOut()).start(arguments, () -> Files.readString(log).contains(READY));
        return ready ? 0 : 1;
    }

    private int run() throws Exception {
        ClientSetup setup = new ClientSetup(client.folders().home());
        NodeConnection node = setup.connect(client.node(), client.headers());
        try (VerifyingExchange exchange =
                        setup.exchange(node, client.verification(setup.catalogDigests()), spending.limits());
                VerifyingProxy proxy = VerifyingProxy.start(exchange, node, HOST, port)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("Verifying proxy for " + node.base() + " on http://" + HOST + ":" + proxy.port() + "/v1");
            out.println(READY + ": base_url=\"http://" + HOST + ":" + proxy.port() + "/v1\", any api_key.");
            out.flush();
            ProxyRecords records = new ProxyRecords(client.folders().home());
            records.add(proxy.port());
            new StopSignal().awaitInstalled();
            records.remove(proxy.port());
            return 0;
        } catch (BindException e) {
            throw new BindException("port " + port + " of " + HOST + " is in use: stop what listens there, or give another with --port");
        }
    }
}
