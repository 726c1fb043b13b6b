package dev.candor.inference.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.config.Hardware;
import dev.candor.inference.config.Limits;
import dev.candor.inference.config.Listen;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.config.Payments;
import dev.candor.settlement.chain.ChainAccount;
import dev.candor.settlement.chain.ProvisionListener;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --chain} to a chain that is not the node's own: an endpoint that knows its id and no contract. */
@Timeout(180)
class NodeChainTest {
    private static final String OPG = "0x00000000000000000000000000000000000000aa";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer chain;

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
    void saysWhereToWriteTheAddressesOfAChainItDoesNotKnow() {
        assertThatThrownBy(this::open).isInstanceOf(StartException.class)
                .hasMessageContaining("chain 999").hasMessageContaining("contracts/addresses/999.json").hasMessageContaining("--deploy");
    }

    @Test
    void namesEachContractThatIsMissingAndDeploysNothingUnasked() throws Exception {
        Path addresses = Files.createDirectories(new CandorHome(home).contracts()).resolve("999.json");
        Files.writeString(addresses, """
                {"opg":"%s","anchor":null,"permit2":"%s","uptoProxy":"%s","exactProxy":"%s"}""".formatted(OPG, OPG, OPG, OPG));

        assertThatThrownBy(this::open).isInstanceOf(StartException.class)
                .hasMessageContaining("OPG has no code at").hasMessageContaining("Permit2").hasMessageContaining("x402UptoPermit2Proxy")
                .hasMessageContaining("ReceiptAnchor has no address").hasMessageContaining(addresses.toString());
        assertThat(asked).contains("eth_chainId", "eth_getCode")
                .doesNotContain("eth_sendRawTransaction", "eth_sendTransaction");
    }

    @Test
    void saysThatTheChainDoesNotAnswer() {
        chain.stop(0);

        assertThatThrownBy(this::open).isInstanceOf(StartException.class)
                .hasMessageContaining("does not answer").hasMessageContaining("--chain");
    }

    private void open() throws Exception {
        ChainAccount account = ChainAccount.fromHex("01".repeat(32));
        String url = "http://127.0.0.1:" + chain.getAddress().getPort();
        NodeConfig config = new NodeConfig(
                new CandorHome(home), home.resolve("cache"), new Listen("127.0.0.1", 0, Optional.empty(), false), List.of("model"), Hardware.any(),
                new Payments(false, Optional.of(url), 31_337, false, Optional.empty(), BigInteger.ONE), new Limits(1, 1, 1, 1, 0, 0, 1, 1));
        NodeChain.open(config, account, account, ProvisionListener.SILENT).close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode call = JSON.readTree(exchange.getRequestBody());
        String method = call.path("method").asText();
        asked.add(method);
        String result = method.equals("eth_chainId") ? "0x3e7" : "0x";
        byte[] body = JSON.writeValueAsBytes(JSON.createObjectNode().put("jsonrpc", "2.0").put("result", result).set("id", call.path("id")));
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
