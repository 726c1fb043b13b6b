package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.responses.ResponseDraft;
import java.util.List;
import java.util.Optional;

/** A response in one JSON body. */
final class WholeResponse implements GenerationAnswer {
    private final Exchange exchange;
    private final ResponseLook look;
    private final ResponseDraft draft;
    private final ResponseKeeping keeping;
    private final ReceiptFields fields;
    private final Json json;
    private ObjectNode body;

    WholeResponse(Exchange exchange, ResponseLook look, ResponseDraft draft, ResponseKeeping keeping, ReceiptFields fields, Json json) {
        this.exchange = exchange;
        this.look = look;
        this.draft = draft;
        this.keeping = keeping;
        this.fields = fields;
        this.json = json;
    }

    @Override
    public synchronized void progress(int sequence, Progress progress) {
        draft.progress(progress, look.scores(progress));
    }

    @Override
    public synchronized List<String> reasons(List<GenerationResult> chosen) {
        return List.of(draft.finishReason(chosen.getFirst().finishReason().wire()));
    }

    @Override
    public synchronized OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException {
        body = draft.finish(usage, look.seconds().getAsLong());
        return OutputBinding.ofBody(fields.order().path(), body, List.of(chosen.getFirst().tokens()));
    }

    @Override
    public Reply seal(Optional<SignedAnswer> receipt) {
        return fields.seal(body, receipt, json).with(look.ignored().headers());
    }

    @Override
    public void deliver(Reply sealed) {
        keeping.keep(fields.order(), body, sealed.body());
        exchange.send(sealed);
    }

    @Override
    public boolean fail(ApiException failure) {
        return false;
    }
}
