package dev.candor.inference.http;

import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node that is served for each test, and a client of it. */
abstract class ServedNode {
    HttpFixture node;
    Client client;

    /** What the node is to be like. */
    abstract HttpFixture.Setup setup();

    @BeforeEach
    void start(@TempDir Path home) throws Exception {
        node = new HttpFixture(home, setup());
        client = new Client(node.url());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        node.close();
    }
}
