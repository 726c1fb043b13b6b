package dev.candor.inference.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code candor up}: runs a node until it is told to stop. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Start the node, and everything that it needs.")
final class UpCommand implements Callable<Integer> {
    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--detach", description = "Return when the node is ready, and leave it running.")
    private boolean detach;

    @Override
    public Integer call() {
        options.config();
        return 0;
    }
}
