package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.sdk.VerifyingExchange;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code candor embed}: turns texts into vectors, pays and verifies. */
@Command(name = "embed", mixinStandardHelpOptions = true, description = "Turn texts into vectors.")
final class EmbedCommand implements Callable<Integer> {
    private static final String PATH = "v1/embeddings";
    private static final Duration PROOF_LIMIT = Duration.ofSeconds(3);
    private static final int SHOWN = 4;

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private ClientOptions.Spending spending = new ClientOptions.Spending();

    @Option(names = "--model", paramLabel = "ID", description = "The model to ask (default: the node's first for embeddings).")
    private String model;

    @Option(names = "--dimensions", paramLabel = "N", description = "Shorten the vectors to this many components.")
    private Integer dimensions;

    @Option(names = "--json", description = "Print one line of JSON, with the vectors.")
    private boolean json;

    @Parameters(arity = "1..*", paramLabel = "TEXT", description = "What to embed.")
    private List<String> texts;

    @Spec
    private CommandSpec spec;

    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public Integer call() throws Exception {
        ClientSetup setup = new ClientSetup(client.folders().home());
        NodeConnection node = setup.connect(client.node(), client.headers());
        try (VerifyingExchange exchange = setup.exchange(node, client.verification(setup.catalogDigests()), spending.limits())) {
            byte[] body = mapper.writeValueAsBytes(request(model != null ? model : new ServedModels(node).first("embedding")));
            int status = switch (exchange.post(PATH, body, Map.of(), block -> {})) {
                case ExchangeOutcome.Answered answered -> print(answered);
                case ExchangeOutcome.Unproven unproven ->
                    throw new NodeException("nothing about this answer is proven: " + unproven.reason());
                case ExchangeOutcome.Refused refused -> throw Refusal.exception(client.folders().home(), refused);
            };
            exchange.awaitProofs(PROOF_LIMIT);
            return status;
        }
    }

    private ObjectNode request(String id) {
        ObjectNode request = mapper.createObjectNode().put("model", id);
        texts.forEach(request.putArray("input")::add);
        if (dimensions != null) {
            request.put("dimensions", dimensions);
        }
        return request;
    }

    private int print(ExchangeOutcome.Answered answered) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode data = mapper.readTree(answered.bundle().exchange().orElseThrow().response()).path("data");
        if (json) {
            ObjectNode line = new ChatSummary(answered, "").json();
            line.remove("text");
            line.put("dimensions", data.path(0).path("embedding").size());
            line.set("embeddings", mapper.valueToTree(StreamSupport.stream(data.spliterator(), false).map(each -> each.path("embedding")).toList()));
            out.println(mapper.writeValueAsString(line));
        } else {
            for (int i = 0; i < data.size(); i++) {
                out.println(shown(data.get(i).path("embedding")) + "  " + texts.get(i));
            }
            out.println(new ChatSummary(answered, "").line());
        }
        out.flush();
        return answered.report().verified() ? 0 : 1;
    }

    private static String shown(JsonNode vector) {
        String first = StreamSupport.stream(vector.spliterator(), false).limit(SHOWN)
                .map(value -> String.format(Locale.ROOT, "%.4f", value.doubleValue()))
                .collect(Collectors.joining(" "));
        return vector.size() + " dimensions [" + first + (vector.size() > SHOWN ? " …]" : "]");
    }
}
