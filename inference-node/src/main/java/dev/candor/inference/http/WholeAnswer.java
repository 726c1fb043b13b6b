package dev.candor.inference.http;

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

/** An answer in one JSON body. */
final class WholeAnswer implements GenerationAnswer {
    private final Exchange exchange;
    private final String path;
    private final Completion completion;
    private final ReceiptFields fields;
    private final Json json;
    private ObjectNode body;

    WholeAnswer(Exchange exchange, String path, Completion completion, ReceiptFields fields, Json json) {
        this.exchange = exchange;
        this.path = path;
        this.completion = completion;
        this.fields = fields;
        this.json = json;
    }

    @Override
    public void progress(int sequence, Progress progress) {
        // The whole text comes with the result.
    }

    @Override
    public OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        GenerationResult result = chosen.getFirst();
        body = completion.body(result.text(), result.finishReason().wire(), usage);
        return OutputBinding.ofBody(path, body, List.of(result.tokens()));
    }

    @Override
    public Reply seal(Optional<SignedAnswer> receipt) {
        return fields.seal(body, receipt, json);
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
