package dev.candor.inference.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the dev chain itself says, read by plain JSON-RPC and none of the product's code. */
final class DevChainView implements AutoCloseable {
    private static final String TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    private static final String BALANCE_OF = "0x70a08231";
    private static final int HEX = 16;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI rpc;

    /** An ERC-20 transfer, in the order of the chain. */
    record Transfer(String transaction, long block, BigInteger amount) {}

    DevChainView(URI rpc) {
        this.rpc = rpc;
    }

    BigInteger balance(String token, String owner) throws IOException, InterruptedException {
        ObjectNode call = json.createObjectNode().put("to", token).put("data", BALANCE_OF + word(owner).substring(2));
        return number(ask("eth_call", call, "latest").asText());
    }

    List<Transfer> transfers(String token, String from, String to) throws IOException, InterruptedException {
        ObjectNode filter = json.createObjectNode().put("fromBlock", "0x0").put("toBlock", "latest").put("address", token);
        filter.putArray("topics").add(TRANSFER).add(word(from)).add(word(to));
        List<Transfer> found = new ArrayList<>();
        for (JsonNode log : ask("eth_getLogs", filter)) {
            found.add(new Transfer(
                    log.path("transactionHash").asText(),
                    number(log.path("blockNumber").asText()).longValueExact(),
                    number(log.path("data").asText())));
        }
        return found;
    }

    long blockNumber() throws IOException, InterruptedException {
        return number(ask("eth_blockNumber").asText()).longValueExact();
    }

    /** Replaces the newest blocks by empty ones. */
    void reorganise(int depth) throws IOException, InterruptedException {
        ask("anvil_reorg", depth, json.createArrayNode());
    }

    private JsonNode ask(String method, Object... parameters) throws IOException, InterruptedException {
        ObjectNode request = json.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        ArrayNode list = request.putArray("params");
        for (Object parameter : parameters) {
            list.add(json.<JsonNode>valueToTree(parameter));
        }
        HttpRequest post = HttpRequest.newBuilder(rpc)
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                .build();
        JsonNode answer = json.readTree(http.send(post, HttpResponse.BodyHandlers.ofString()).body());
        if (answer.has("error")) {
            throw new IOException(method + ": " + answer.path("error"));
        }
        return answer.path("result");
    }

    private static String word(String address) {
        return "0x" + "0".repeat(24) + address.substring(2).toLowerCase(Locale.ROOT);
    }

    private static BigInteger number(String hex) {
        return hex.equals("0x") ? BigInteger.ZERO : new BigInteger(hex.substring(2), HEX);
    }

    @Override
    public void close() {
        http.close();
    }
}
