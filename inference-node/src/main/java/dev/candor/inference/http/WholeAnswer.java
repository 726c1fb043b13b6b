package dev.candor.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Completion;
import dev.candor.inference.openai.Json;
import java.util.List;
import java.util.Optional;

/** A chat's answer in one JSON body. */
final class WholeAnswer implements GenerationAnswer {
    private final Exchange exchange;
    private final ChatLook look;
    private final ChatChoices choices;
    private final ReceiptFields fields;
    private final Json json;
    private ObjectNode body;

    WholeAnswer(Exchange exchange, ChatLook look, ChatChoices choices, ReceiptFields fields, Json json) {
        this.exchange = exchange;
        this.look = look;
        this.choices = choices;
        this.fields = fields;
        this.json = json;
    }

    @Override
    public synchronized void progress(int sequence, Progress progress) {
        choices.at(sequence).take(progress);
    }

    @Override
    public synchronized List<String> reasons(List<GenerationResult> chosen) {
        choices.all().forEach(ChatChoice::end);
        return choices.reasons(chosen);
    }

    @Override
    public synchronized OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        ArrayNode views = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < chosen.size(); i++) {
            ChatChoice choice = choices.at(i);
            JsonNode scores = look.logprobs().<JsonNode>map(view -> view.choice(choice.scores())).orElse(JsonNodeFactory.instance.nullNode());
            views.add(Completion.choice(i, choice.message(), scores, usage.finishReasons().get(i)));
        }
        body = look.completion().body(views, usage, choices.reasoningTokens());
        return OutputBinding.ofBody(fields.order().path(), body, chosen.stream().map(GenerationResult::tokens).toList());
    }

    @Override
    public Reply seal(Optional<SignedAnswer> receipt) {
        return fields.seal(body, receipt, json).with(look.ignored().headers());
    }

    @Override
    public void deliver(Reply sealed) {
        exchange.send(sealed);
    }

    @Override
    public boolean fail(ApiException failure) {
        return false;
    }
}
