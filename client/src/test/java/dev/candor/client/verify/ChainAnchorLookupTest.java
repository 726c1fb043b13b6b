package dev.candor.client.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.tlog.LogKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.EventEncoder;

/** Confirms anchors with nothing but what this module brings: a chain is answered for by canned JSON-RPC. */
class ChainAnchorLookupTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTRACT = "0x" + "aa".repeat(20);
    private static final String OPERATOR = "0x" + "bb".repeat(20);
    private static final String TRANSACTION = "0x" + "cc".repeat(32);
    private static final String BLOCK = "0x" + "dd".repeat(32);
    private static final String ROOT = "ee".repeat(32);
    private static final String HEAD = "ff".repeat(32);

    private final SecureRandom random = new SecureRandom();
    private final LogKey logKey = LogKey.generate(random);
    private final Secp256k1KeyPair receiptKey = Secp256k1KeyPair.generate(random);
    private HttpServer chain;
    private String anchoredRoot = ROOT;

    @BeforeEach
    void start() throws IOException {
        chain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        chain.createContext("/", this::answer);
        chain.start();
    }

    @AfterEach
    void stop() {
        chain.stop(0);
    }

    @Test
    void findsAnAnchorOnTheChain() throws Exception {
        assertThat(new ChainAnchorLookup().confirm(rpc(), anchor(), statement())).isEqualTo("root of 3 leaves in block 7 of chain 31337, transaction " + TRANSACTION);
    }

    @Test
    void saysThatTheChainShowsAnotherRoot() {
        anchoredRoot = "11".repeat(32);
        assertThatThrownBy(() -> new ChainAnchorLookup().confirm(rpc(), anchor(), statement()))
                .isInstanceOf(AnchorLookup.AnchorException.class)
                .hasMessageContaining("does not show the anchor");
    }

    @Test
    void saysThatTheChainDoesNotAnswer() {
        URI gone = rpc();
        chain.stop(0);
        assertThatThrownBy(() -> new ChainAnchorLookup().confirm(gone, anchor(), statement()))
                .isInstanceOf(AnchorLookup.AnchorException.class)
                .hasMessageContaining("cannot be asked");
    }

    private URI rpc() {
        return URI.create("http://127.0.0.1:" + chain.getAddress().getPort());
    }

    private static JsonNode anchor() {
        return JSON.createObjectNode().put("log_size", 3).put("root", ROOT).put("transaction", TRANSACTION);
    }

    private KeyStatement statement() {
        return new KeyStatement(logKey.nodeId(), KeyStatement.PURPOSE, HexFormat.of().formatHex(receiptKey.compressedPublicKey()), logKey.origin(),
                logKey.verifierKey().vkey(), Optional.of(EvmAddress.parse(OPERATOR)), Optional.of(31_337L), Optional.of(EvmAddress.parse(CONTRACT)),
                Optional.empty(), "00".repeat(8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
            answer.set("id", request.get("id"));
            answer.set("result", result(request.path("method").asText()));
            byte[] bytes = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private JsonNode result(String method) throws IOException {
        return switch (method) {
            case "eth_chainId" -> JSON.getNodeFactory().textNode("0x7a69");
            case "eth_getCode" -> JSON.getNodeFactory().textNode("0x6001");
            case "eth_blockNumber" -> JSON.getNodeFactory().textNode("0x9");
            case "eth_call" -> JSON.getNodeFactory().textNode("0x" + HEAD + word(1) + word(3));
            case "eth_getBlockByNumber" -> JSON.readTree("{\"number\":\"0x7\",\"hash\":\"" + BLOCK + "\",\"timestamp\":\"0x5\",\"baseFeePerGas\":\"0x1\"}");
            case "eth_getTransactionReceipt" -> receipt();
            default -> JSON.nullNode();
        };
    }

    private JsonNode receipt() {
        ObjectNode receipt = JSON.createObjectNode().put("transactionHash", TRANSACTION).put("blockHash", BLOCK).put("blockNumber", "0x7")
                .put("status", "0x1").put("gasUsed", "0x5208");
        ObjectNode log = receipt.putArray("logs").addObject().put("address", CONTRACT).put("transactionHash", TRANSACTION).put("blockNumber", "0x7")
                .put("data", "0x" + word(3) + anchoredRoot + HEAD);
        log.putArray("topics")
                .add(EventEncoder.buildEventSignature("Anchored(address,uint64,bytes32,uint64,bytes32,bytes32)"))
                .add("0x" + "00".repeat(12) + OPERATOR.substring(2))
                .add("0x" + word(0))
                .add("0x" + Digest.sha256(logKey.origin().getBytes(StandardCharsets.UTF_8)).hex());
        return receipt;
    }

    private static String word(int value) {
        return "%064x".formatted(value);
    }
}
