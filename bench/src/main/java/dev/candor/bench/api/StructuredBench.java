package dev.candor.bench.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers that obey a JSON Schema against answers that obey nothing: sampled, so that guesses of the next tokens help neither. */
final class StructuredBench implements AutoCloseable {
    /** Has numbers, enumerations, strings and objects in a list of so many at least that answers are as long as may be. */
    private static final String SCHEMA = """
            {"type":"json_schema","json_schema":{"name":"fleet","strict":true,"schema":{"type":"object","additionalProperties":false,
            "required":["ships"],"properties":{"ships":{"type":"array","minItems":%d,"items":{"type":"object","additionalProperties":false,
            "required":["name","kind","crew"],"properties":{"name":{"type":"string"},"kind":{"enum":["sail","steam","motor"]},
            "crew":{"type":"integer"}}}}}}}}""";
    /** The shortest item takes some 24 tokens. */
    private static final int ITEM_TOKENS = 32;
    private static final Pattern COMPLETION = Pattern.compile("\"completion_tokens\":(\\d+)");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI node;
    private final Chats chats;

    StructuredBench(URI node, Chats chats) {
        this.node = node;
        this.chats = chats;
    }

    /** Tokens a second of as many answers at once. */
    double rate(boolean structured, int streams, int tokens, int seed) throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            List<byte[]> requests = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                clients.add(new RawClient(node));
                requests.add(RawClient.request(body(structured, i, tokens, seed).toString()));
            }
            long begin = System.nanoTime();
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                RawClient client = clients.get(i);
                byte[] request = requests.get(i);
                answers.add(threads.submit(() -> generated(client.exchange(request))));
            }
            int sum = 0;
            for (Future<Integer> answer : answers) {
                sum += answer.get();
            }
            return sum * 1e9 / (System.nanoTime() - begin);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private ObjectNode body(boolean structured, int client, int tokens, int seed) throws IOException {
        ObjectNode body = chats.body(client, tokens, "none", true).put("temperature", 1).put("seed", seed * 100 + client);
        body.putObject("stream_options").put("include_usage", true);
        if (structured) {
            body.set("response_format", new ObjectMapper().readTree(SCHEMA.formatted(Math.max(1, tokens / ITEM_TOKENS))));
        }
        return body;
    }

    private static int generated(String answer) throws IOException {
        Matcher usage = COMPLETION.matcher(answer);
        if (!usage.find()) {
            throw new IOException("the stream does not say how many tokens it has");
        }
        return Integer.parseInt(usage.group(1));
    }

    @Override
    public void close() {
        threads.close();
    }
}
