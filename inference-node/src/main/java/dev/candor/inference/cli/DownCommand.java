package dev.candor.inference.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code candor down}: drains and stops the node of a home. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Drain and stop the node, its chain included.")
final class DownCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Override
    public Integer call() {
        folders.home();
        return 0;
    }
}
