package dev.candor.inference.e2e;

import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.testing.ToyModels;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ToyChat;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The official clients and a model of random weights, which says nothing of its own accord that a client could read. */
class ToyClientsTest {
    private static final ToyModels.Shape ROOMY = new ToyModels.Shape(2, 64, 4, 2, 128, 4096);
    private static final List<String> SECTIONS = List.of("chat", "errors", "choices", "tools", "structured", "completions", "responses-constrained");

    @TempDir
    private static Path folder;

    private static ClientPackages clients;
    private static HttpFixture node;
    private static ChatModel toy;

    @BeforeAll
    static void start() throws Exception {
        clients = ClientPackages.install();
        node = new HttpFixture(folder, HttpFixture.Setup.free());
        toy = ToyChat.open(ToyModels.write(folder.resolve("toy"), ROOMY, ModelForm.Q8));
        node.models.add(toy);
        node.services().metrics().watchEngine(ToyChat.NAME, toy.engine());
    }

    @AfterAll
    static void stop() throws Exception {
        node.models.close();
        node.close();
    }

    @TestFactory
    Stream<DynamicTest> theOfficialNodeClientReadsWhateverItSays() throws Exception {
        return clients.check("openai-checks.mjs", arguments(SECTIONS, "responses")).tests();
    }

    @TestFactory
    Stream<DynamicTest> theOfficialPythonClientReadsWhateverItSays() throws Exception {
        return clients.check("openai_checks.py", arguments(SECTIONS)).tests();
    }

    private static List<String> arguments(List<String> sections, String... more) {
        return Stream.of(Stream.of(node.url(), ToyChat.NAME, HttpFixture.MODEL), sections.stream(), Stream.of(more)).flatMap(each -> each).toList();
    }
}
