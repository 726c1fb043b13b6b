package dev.candor.settlement.chain;

import java.nio.file.Path;

/** Fetches anvil into a cache. */
final class ProvisionMain {
    private ProvisionMain() {}

    public static void main(String[] args) throws Exception {
        new AnvilPackage(Path.of(args[0]), ProvisionListener.SILENT).provision();
    }
}
