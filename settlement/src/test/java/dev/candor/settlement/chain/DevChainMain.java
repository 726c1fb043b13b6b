package dev.candor.settlement.chain;

import java.nio.file.Files;
import java.nio.file.Path;

/** Starts the dev chain of a home and stays, until it is killed. */
final class DevChainMain {
    private DevChainMain() {}

    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        TestChain chain = TestChain.start(home);
        Files.writeString(home.resolve("up"), chain.chain().rpc() + " " + chain.chain().pid());
        Thread.currentThread().join();
    }
}
