package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.NodeException;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.inference.config.ConfigException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code candor chat}: asks, pays, streams and verifies. */
@Command(name = "chat", mixinStandardHelpOptions = true, description = "Ask the model; without a prompt, talk to it.")
final class ChatCommand implements Callable<Integer> {
    private static final String PATH = "v1/chat/completions";
    private static final Duration PROOF_LIMIT = Duration.ofSeconds(3);

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private ClientOptions.Spending spending = new ClientOptions.Spending();

    @Option(names = "--max-tokens", description = "Tokens to generate at most (default: the node's own default).")
    private Integer maxTokens;

    @Option(names = "--temperature", defaultValue = "0.2", description = "0 for the likeliest answer (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(names = "--seed", description = "Seed of the sampler (default: drawn by the node).")
    private Long seed;

    @Option(names = "--model", paramLabel = "ID", description = "The model to ask (default: the node's first chat model).")
    private String model;

    @Option(names = "--json", description = "End with one line of JSON.")
    private boolean json;

    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "What to ask.")
    private String prompt;

    @Spec
    private CommandSpec spec;

    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public Integer call() throws Exception {
        if (prompt != null && prompt.isBlank()) {
            throw new ConfigException("the prompt is empty: write what to ask, or leave it out to talk");
        }
        ClientSetup setup = new ClientSetup(client.folders().home());
        NodeConnection node = setup.connect(client.node(), client.headers());
        try (VerifyingExchange exchange =
                setup.exchange(node, client.verification(setup.catalogDigests()), spending.limits())) {
            String id = model != null ? model : new ServedModels(node).first("chat");
            int status = prompt == null ? converse(exchange, id) : ask(exchange, id, mapper.createArrayNode(), prompt);
            exchange.awaitProofs(PROOF_LIMIT);
            return status;
        }
    }

    private int converse(VerifyingExchange exchange, String id) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Talking to " + id + ". An empty line or Ctrl-D ends it.");
        ArrayNode messages = mapper.createArrayNode();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        while (status == 0) {
            out.print("> ");
            out.flush();
            String line = in.readLine();
            if (line == null || line.isBlank()) {
                return 0;
            }
            status = ask(exchange, id, messages, line);
        }
        return status;
    }

    /** Asks one question and appends it and the answer to {@code messages}. */
    private int ask(VerifyingExchange exchange, String id, ArrayNode messages, String question) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        messages.addObject().put("role", "user").put("content", question);
        AnswerPrinter printer = new AnswerPrinter(out, mapper);
        byte[] body = mapper.writeValueAsBytes(request(id, messages));
        ExchangeOutcome outcome = exchange.post(PATH, body, Map.of(), printer);
        printer.end();
        return switch (outcome) {
            case ExchangeOutcome.Answered answered -> {
                messages.addObject().put("role", "assistant").put("content", printer.text());
                ChatSummary summary = new ChatSummary(answered, printer.text());
                out.println(json ? mapper.writeValueAsString(summary.json()) : summary.line());
                out.flush();
                yield answered.report().verified() ? 0 : 1;
            }
            case ExchangeOutcome.Unproven unproven ->
                throw new NodeException("nothing about this answer is proven: " + unproven.reason());
            case ExchangeOutcome.Refused refused -> throw Refusal.exception(client.folders().home(), refused);
        };
    }

    private ObjectNode request(String id, ArrayNode messages) {
        ObjectNode request = mapper.createObjectNode().put("model", id).put("stream", true).put("temperature", temperature);
        request.set("messages", messages);
        if (maxTokens != null) {
            request.put("max_tokens", maxTokens);
        }
        if (seed != null) {
            request.put("seed", seed);
        }
        return request;
    }
}
