package dev.candor.inference.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.engine.sampling.TokenConstraint;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.CompletionPrompt;
import dev.candor.inference.openai.CompletionRequest;
import dev.candor.inference.openai.CompletionRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.OutputFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Of {@code /v1/completions}. */
final class CompletionReader implements AnswerReader {
    static final String PATH = "/v1/completions";

    private final CompletionRequestParser parser = new CompletionRequestParser(new Json());

    @Override
    public AnswerPlan read(ReceiptBundle.Exchange exchange, Receipt receipt, ReplayModel model) throws NotReplayableException {
        try {
            CompletionRequest request = parser.parse(exchange.request());
            if (request.selects()) {
                throw new NotReplayableException("the answers are the best of several, of which the receipt holds no others");
            }
            if (request.maxTokens() == 0) {
                throw new NotReplayableException("the answer has no tokens: the request asked for none");
            }
            List<CompletionPrompt> prompts = CompletionPrompt.of(request, model.prompts().tokenizer());
            return new AnswerPlan(
                    prompts.stream().map(CompletionPrompt::tokens).toList(), request.decoding(), constraint(request, model), texts(exchange, request, prompts));
        } catch (ApiException e) {
            throw new NotReplayableException("this program does not take the request: " + e.getMessage());
        }
    }

    private static Optional<Supplier<TokenConstraint>> constraint(CompletionRequest request, ReplayModel model) throws ApiException {
        if (request.format().isEmpty()) {
            return Optional.empty();
        }
        OutputFormat format = request.format().get();
        return Optional.of(ChatPlan.compile(format.grammar(), format.param(), model.constraints())::start);
    }

    private static List<Predicate<String>> texts(ReceiptBundle.Exchange exchange, CompletionRequest request, List<CompletionPrompt> prompts)
            throws NotReplayableException {
        List<Predicate<String>> texts = new ArrayList<>();
        for (JsonNode choice : SavedAnswer.output(exchange)) {
            int prompt = texts.size() / request.choices();
            if (prompt >= prompts.size()) {
                throw new NotReplayableException("the answer has more choices than the request asks for");
            }
            String before = request.echo() ? prompts.get(prompt).text() : "";
            String said = choice.path("text").asText();
            texts.add(text -> said.equals(before + text));
        }
        return texts;
    }
}
