package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import java.util.List;
import java.util.Optional;

/** An answer in one JSON body. */
final class WholeAnswer implements ChatAnswer {
    private final Exchange exchange;
    private final Job job;
    private final ReceiptFields fields;
    private final Json json;
    private ObjectNode body;

    WholeAnswer(Exchange exchange, Job job, ReceiptFields fields, Json json) {
        this.exchange = exchange;
        this.job = job;
        this.fields = fields;
        this.json = json;
    }

    @Override
    public void text(String text) {
        // The whole text comes with the result.
    }

    @Override
    public OutputBinding finish(GenerationResult result, UsageBinding usage) throws ReceiptVerificationException {
        body = job.completion().body(result.text(), result.finishReason().wire(), usage);
        return OutputBinding.ofBody(job.path(), body, List.of(result.tokens()));
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
