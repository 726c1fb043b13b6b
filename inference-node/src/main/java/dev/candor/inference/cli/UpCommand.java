package dev.candor.inference.cli;

import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.node.CandorNode;
import dev.candor.inference.node.NodePanel;
import dev.candor.inference.node.StartException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code candor up}: runs a node until it is told to stop. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Start the node, and everything that it needs.")
final class UpCommand implements Callable<Integer> {
    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--detach", description = "Return when the node is ready, and leave it running.")
    private boolean detach;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        NodeConfig config = options.config();
        return detach ? detached(config) : run(config);
    }

    private int run(NodeConfig config) throws Exception {
        StopSignal signal = new StopSignal();
        signal.install();
        boolean terminal = System.console() != null && System.console().isTerminal();
        try (CandorNode node = CandorNode.start(config, new ProgressPrinter(System.out, terminal))) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(node.panel().text());
            out.flush();
            signal.await();
        }
        return 0;
    }

    private int detached(NodeConfig config) throws Exception {
        Optional<RunningNode> running = RunningNode.of(config.home()).filter(RunningNode::alive);
        if (running.isPresent()) {
            throw StartException.alreadyRunning(config.home(), Long.toString(running.get().pid()));
        }
        config.home().create();
        List<String> arguments = Detached.undetached(spec.root().commandLine().getParseResult().originalArgs());
        Detached node = new Detached(config.home().nodeLog(), spec.commandLine().getOut());
        boolean ready = node.start(arguments, () -> Files.readString(config.home().nodeLog()).contains(NodePanel.END));
        return ready ? 0 : 1;
    }
}
