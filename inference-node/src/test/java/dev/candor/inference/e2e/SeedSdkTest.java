package dev.candor.inference.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The seed system's own SDK, unmodified, which pays on a chain with the one id that it takes. */
class SeedSdkTest {
    private static final long BASE = 8453;
    private static final List<String> SECTIONS = List.of("chat", "errors", "tools", "structured", "completions");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> theSeedSystemsSdkPaysAndIsAnswered() throws Exception {
        ClientPackages clients = ClientPackages.installSeed();
        try (DemoNode node = new DemoNode(folder, false, BASE, 64)) {
            List<String> arguments = List.of(node.url().toString(), DemoNode.MODEL, node.walletKey());
            return clients.check("opengradient_checks.py", Stream.concat(arguments.stream(), SECTIONS.stream()).toList()).tests();
        }
    }
}
