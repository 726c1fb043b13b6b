package dev.candor.inference.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatPlan;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.openai.responses.ItemIds;
import dev.candor.inference.openai.responses.ResponseEvents;
import dev.candor.inference.openai.responses.ResponseHistory;
import dev.candor.inference.openai.responses.ResponseOutput;
import dev.candor.inference.openai.responses.ResponseRequest;
import dev.candor.inference.openai.responses.ResponseRequestParser;
import dev.candor.inference.openai.tools.AnswerParser;
import dev.candor.inference.text.TemplateException;
import java.util.List;

/** Of {@code /v1/responses}, where the request holds the whole conversation. */
final class ResponsesReader implements AnswerReader {
    static final String PATH = "/v1/responses";

    private final ResponseRequestParser parser = new ResponseRequestParser(new Json());
    private final ChatRequestParser chatParser = new ChatRequestParser(new Json());

    @Override
    public AnswerPlan read(ReceiptBundle.Exchange exchange, Receipt receipt, ReplayModel model) throws NotReplayableException {
        try {
            ResponseRequest request = parser.parse(exchange.request());
            if (!request.selfContained()) {
                throw new NotReplayableException("the request goes on with a conversation that it does not hold (previous_response_id or item_reference): "
                        + "only an answer whose request has all of it as input can be computed again");
            }
            ChatPlan plan = plan(request, receipt.usage().promptTokens(), model, model.prompts().at(AnswerTime.of(exchange, receipt)));
            String id = AnswerTime.first(exchange).path("id").asText();
            JsonNode saved = said(SavedAnswer.output(exchange));
            boolean complete = ResponseOutput.complete(receipt.usage().finishReasons().getFirst());
            return new AnswerPlan(
                    List.of(plan.prompt().tokens()),
                    plan.request().decoding(),
                    plan.constraint().map(compiled -> compiled::start),
                    List.of(text -> saved.equals(made(text, plan.parser(id, 0), id, complete))));
        } catch (ApiException e) {
            throw new NotReplayableException("this program does not take the request: " + e.getMessage());
        } catch (TemplateException e) {
            throw new NotReplayableException("the model's chat template refuses the messages: " + e.getMessage());
        }
    }

    /** Where the oldest turns may have been dropped, as many are as make the prompt as long as the receipt says. */
    private ChatPlan plan(ResponseRequest request, int promptTokens, ReplayModel model, PromptRenderer prompts) throws ApiException, TemplateException {
        List<ObjectNode> items = request.input();
        ChatPlan whole = plan(request, items, model, prompts);
        if (!request.truncate() || whole.prompt().tokens().length == promptTokens) {
            return whole;
        }
        List<Integer> beginnings = ResponseHistory.laterBeginnings(items);
        int from = 0;
        int to = beginnings.size();
        while (from < to) {
            int middle = (from + to) / 2;
            ChatPlan shorter = plan(request, items.subList(beginnings.get(middle), items.size()), model, prompts);
            int length = shorter.prompt().tokens().length;
            if (length == promptTokens) {
                return shorter;
            }
            from = length > promptTokens ? middle + 1 : from;
            to = length > promptTokens ? to : middle;
        }
        return whole;
    }

    private ChatPlan plan(ResponseRequest request, List<ObjectNode> items, ReplayModel model, PromptRenderer prompts) throws ApiException, TemplateException {
        return ChatPlan.of(chatParser.parse(request.chat(items)), prompts, model.constraints());
    }

    private static JsonNode made(String text, AnswerParser parser, String id, boolean complete) {
        ResponseOutput output = new ResponseOutput(new ItemIds(id), ResponseEvents.none());
        output.add(parser.append(text), List.of());
        output.add(parser.end(), List.of());
        return said(output.end(complete));
    }

    /** The items without log probabilities, which are no part of what is said. */
    private static JsonNode said(JsonNode output) {
        JsonNode said = output.deepCopy();
        said.findParents("logprobs").forEach(part -> ((ObjectNode) part).remove("logprobs"));
        return said;
    }
}
