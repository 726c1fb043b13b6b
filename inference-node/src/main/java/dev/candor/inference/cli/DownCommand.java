package dev.candor.inference.cli;

import dev.candor.inference.config.CandorHome;
import dev.candor.settlement.chain.DevChain;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code candor down}: drains and stops the node of a home. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Drain and stop the node, its chain and its proxies included.")
final class DownCommand implements Callable<Integer> {
    private static final long LIMIT_SECONDS = 90;

    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CandorHome home = folders.home();
        PrintWriter out = spec.commandLine().getOut();
        Optional<RunningNode> node = RunningNode.of(home).filter(RunningNode::alive);
        if (node.isPresent()) {
            stop(node.get().pid());
            out.println("Stopped the node (pid " + node.get().pid() + ").");
        } else {
            out.println("No node runs on " + home.root() + ".");
        }
        int proxies = new ProxyRecords(home).stopAll();
        if (proxies > 0) {
            out.println("Stopped " + (proxies == 1 ? "the proxy." : proxies + " proxies."));
        }
        if (DevChain.stopStray(home.chain())) {
            out.println("Stopped the dev chain that a killed node had left behind.");
        }
        out.flush();
        return 0;
    }

    private static void stop(long pid) throws InterruptedException, ExecutionException, IOException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroy();
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the node (pid " + pid + ") still drains after " + LIMIT_SECONDS
                    + " s: wait, or end it with kill -9 " + pid + ", which loses no delivered receipt", e);
        }
    }
}
