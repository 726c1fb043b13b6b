package dev.candor.inference.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.tools.AnswerMessage;
import dev.candor.inference.text.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Of {@code /v1/chat/completions}. */
final class ChatReader implements AnswerReader {
    static final String PATH = "/v1/chat/completions";

    private final ChatRequestParser parser = new ChatRequestParser(new Json());

    @Override
    public AnswerPlan read(ReceiptBundle.Exchange exchange, Receipt receipt, ReplayModel model) throws NotReplayableException {
        try {
            ChatPlan plan = ChatPlan.of(
                    parser.parse(exchange.request()), model.prompts().at(AnswerTime.of(exchange, receipt)), model.constraints());
            return new AnswerPlan(
                    List.of(plan.prompt().tokens()),
                    plan.request().decoding(),
                    plan.constraint().map(compiled -> compiled::start),
                    texts(exchange, plan, AnswerTime.first(exchange).path("id").asText()));
        } catch (ApiException e) {
            throw new NotReplayableException("this program does not take the request: " + e.getMessage());
        } catch (TemplateException e) {
            throw new NotReplayableException("the model's chat template refuses the messages: " + e.getMessage());
        }
    }

    private static List<Predicate<String>> texts(ReceiptBundle.Exchange exchange, ChatPlan plan, String answerId) throws NotReplayableException {
        List<Predicate<String>> texts = new ArrayList<>();
        for (JsonNode choice : SavedAnswer.output(exchange)) {
            int index = texts.size();
            texts.add(text -> says(choice, plan.message(text, answerId, index)));
        }
        return texts;
    }

    private static boolean says(JsonNode choice, AnswerMessage made) {
        String reason = choice.path("finish_reason").asText();
        return said(choice.path("message")).equals(said(made.json())) && made.finishReason(EngineWords.reason(reason)).equals(reason);
    }

    /** What a message says; a stream tells of no content as of empty content. */
    private static ObjectNode said(JsonNode message) {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        message.properties().stream()
                .filter(member -> !member.getValue().isNull() && !member.getValue().asText("x").isEmpty())
                .forEach(member -> said.set(member.getKey(), member.getValue()));
        return said;
    }
}
