package dev.candor.inference.http;

import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openinference.InferAnswer;
import dev.candor.inference.openinference.InferAnswerWriter;
import dev.candor.inference.openinference.InferRequest;
import dev.candor.settlement.x402.X402Codec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes answers with tensors; their receipts travel in a header, so that the body is the protocol's and nothing else. Thread-safe. */
final class InferAnswers {
    private static final String RECEIPT_HEADER = "Candor-Receipt";
    private static final String BYTES = "application/octet-stream";

    private final InferAnswerWriter writer = new InferAnswerWriter();
    private final X402Codec codec;

    InferAnswers(X402Codec codec) {
        this.codec = codec;
    }

    /** The answer whose body the receipt binds. */
    Reply make(Order order, InferRequest request, List<Tensor> outputs) throws ApiException {
        Set<String> binary = request.outputs().isEmpty()
                ? request.binaryOutput() ? outputs.stream().map(Tensor::name).collect(Collectors.toSet()) : Set.of()
                : request.outputs().stream().filter(InferRequest.Output::binary).map(InferRequest.Output::name).collect(Collectors.toSet());
        Map<String, String> parameters = order.wantsReceipt() ? Map.of("candor_receipt_id", order.receiptId().value()) : Map.of();
        InferAnswer answer = writer.write(
                new InferAnswerWriter.Head(OpenInferenceHandler.name(order.model()), OpenInferenceHandler.version(order.model()), request.id(), parameters),
                outputs, binary);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", answer.jsonBytes().isPresent() ? BYTES : Reply.JSON);
        answer.jsonBytes().ifPresent(length -> headers.put("Inference-Header-Content-Length", String.valueOf(length)));
        return new Reply(200, headers, answer.body());
    }

    /** The answer with what its receipt and payment add. */
    Reply seal(Order order, Reply answer, SignedAnswer signed) {
        Reply sealed = answer.with(new ReceiptFields(order, codec).headers(Optional.of(signed)));
        return order.wantsReceipt() ? sealed.with(RECEIPT_HEADER, Base64.getUrlEncoder().withoutPadding().encodeToString(signed.cose())) : sealed;
    }
}
