package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.http.ChatModel;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.MeddlingEngine;
import dev.candor.inference.testing.TestClock;
import dev.candor.inference.testing.ToyChat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A chat template that tells the date makes another prompt each day; a replay makes the one that the answer was made of. */
class DatedReplayTest {
    /** Its date has other tokens than that of the day after. */
    private static final Instant LAST_SECOND_OF_A_DAY = Instant.parse("2024-02-28T23:59:59Z");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatTookUntilTheNextDayIsReplayedWithTheDayItBeganOn(boolean stream) throws Exception {
        TestClock clock = new TestClock(LAST_SECOND_OF_A_DAY);
        VerifiedModel toy = ToyChat.publish(folder.resolve("cache"), ToyChat.DATED);
        try (HttpFixture node = new HttpFixture(folder.resolve("node"), HttpFixture.Setup.free().withClock(clock)); Client client = new Client(node.url())) {
            ChatModel model = ToyChat.open(toy);
            node.models.add(model);
            MeddlingEngine engine = (MeddlingEngine) model.engine();
            engine.beforeSubmit(() -> clock.advance(Duration.ofMinutes(2)));
            Path saved = ToyChat.chat(node.url(), ToyChat.request().put("stream", stream), folder.resolve("receipts"), clock);
            proven(saved, node, client);
            clock.advance(Duration.ofDays(100));

            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(node.url() + "/v1/replay"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(ToyChat.replay(saved).toString()))
                    .build());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Client.JSON.readTree(answer.body()).at("/data/0/verdict").asText()).as(answer.body()).isEqualTo("match");
            assertThat(command(saved, node.url())).contains("match: all 30 tokens");
            node.models.close();
        }
    }

    @Test
    void promptsOfTwoDaysDiffer() throws Exception {
        ChatModel model = ToyChat.open(ToyChat.publish(folder.resolve("cache"), ToyChat.DATED));
        try {
            var messages = Client.JSON.createObjectNode().set("messages", ToyChat.request().path("messages"));
            String today = model.prompts().template().at(LAST_SECOND_OF_A_DAY).render(messages);
            assertThat(today).startsWith("Today is 28 February 2024. tell me");
            assertThat(model.prompts().template().at(LAST_SECOND_OF_A_DAY.plusSeconds(1)).render(messages)).startsWith("Today is 29 February 2024. ");
        } finally {
            model.close();
        }
    }

    /** Adds what an old receipt must have: the proof that it is in the log. */
    private static void proven(Path saved, HttpFixture node, Client client) throws Exception {
        node.awaitLog();
        ObjectNode bundle = (ObjectNode) Client.JSON.readTree(Files.readAllBytes(saved));
        bundle.set("proof", Client.JSON.readTree(client.get("/v1/receipts/" + bundle.path("id").asText() + "/proof").body()));
        Files.write(saved, Client.JSON.writeValueAsBytes(bundle));
    }

    private String command(Path saved, String url) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        line.execute("replay", "--home", folder.resolve("home").toString(), "--node", url, "--cache", folder.resolve("cache").toString(), saved.toString());
        return out.toString();
    }
}
