package dev.candor.inference.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.text.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Of {@code /v1/chat/completions}. */
final class ChatReader implements AnswerReader {
    static final String PATH = "/v1/chat/completions";

    private final ChatRequestParser parser = new ChatRequestParser(new Json());

    @Override
    public AnswerPlan read(ReceiptBundle.Exchange exchange, Receipt receipt, ReplayModel model) throws NotReplayableException {
        ChatRequest request = parse(exchange.request());
        int[] prompt = prompt(request, model.prompts().at(AnswerTime.of(exchange, receipt)));
        List<Predicate<String>> texts = new ArrayList<>();
        for (JsonNode choice : SavedAnswer.output(exchange)) {
            texts.add(choice.path("message").path("content").asText()::equals);
        }
        return new AnswerPlan(List.of(prompt), request.decoding(), Optional.empty(), texts);
    }

    private ChatRequest parse(byte[] body) throws NotReplayableException {
        try {
            return parser.parse(body);
        } catch (ApiException e) {
            throw new NotReplayableException("this program does not take the request: " + e.getMessage());
        }
    }

    private static int[] prompt(ChatRequest request, PromptRenderer prompts) throws NotReplayableException {
        try {
            return prompts.render(request.prompt()).tokens();
        } catch (TemplateException e) {
            throw new NotReplayableException("the model's chat template refuses the messages: " + e.getMessage());
        }
    }
}
