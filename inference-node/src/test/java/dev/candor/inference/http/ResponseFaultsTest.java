package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import dev.candor.inference.testing.ResponseClient;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.LedgerException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A response of which the receipt cannot be written. */
class ResponseFaultsTest {
    @TempDir
    private Path home;

    /** The ledger but for commits, which fail. */
    private static Ledger full(Ledger real) {
        return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
            if (method.getName().equals("commit")) {
                return CompletableFuture.failedFuture(new LedgerException("the disk is full", null));
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void isNeitherCompletedNorKept() throws Exception {
        try (HttpFixture node = new HttpFixture(home, HttpFixture.Setup.free(), ResponseFaultsTest::full); Client client = new Client(node.url())) {
            ResponseClient responses = new ResponseClient(client);

            HttpResponse<String> whole = responses.post(ResponseClient.request("hi"));
            List<JsonNode> events = ResponseClient.events(responses.post(ResponseClient.request("hi").put("stream", true)).body());

            assertThat(whole.statusCode()).isEqualTo(503);
            assertThat(events).extracting(event -> event.path("type").asText())
                    .endsWith("response.output_item.done", "response.failed", "error").doesNotContain("response.completed");
            assertThat(events).extracting(event -> event.path("sequence_number").asInt())
                    .containsExactlyElementsOf(IntStream.range(0, events.size()).boxed().toList());
            assertThat(responses.get(events.getFirst().get("response")).statusCode()).isEqualTo(404);
        }
    }
}
