package dev.candor.inference.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code candor status}: one screen about the running node. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Show what the node does, earns and has anchored.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        folders.home();
        return 0;
    }
}
