package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Holds the values that a request's body names against a receipt. */
final class RequestConsistency {
    private final JsonNode body;
    private final Receipt receipt;
    private final SamplingBinding sampling;

    RequestConsistency(JsonNode body, Receipt receipt) {
        this.body = body;
        this.receipt = receipt;
        this.sampling = receipt.sampling();
    }

    void checkGeneration(Operation operation) throws ReceiptVerificationException {
        checkModel();
        same("temperature", sampling.temperature());
        same("top_p", sampling.topP());
        same("min_p", sampling.minP());
        same("frequency_penalty", sampling.frequencyPenalty());
        same("presence_penalty", sampling.presencePenalty());
        same("repetition_penalty", sampling.repetitionPenalty());
        checkTopK();
        checkSeed();
        for (String limit : operation.limits()) {
            checkLimit(limit);
        }
        checkStop();
        checkMode();
        checkFormat(receipt, body.path("stream").asBoolean(false) ? OutputBinding.SSE : OutputBinding.JSON);
        long choices = Candidates.of(operation, body).choices();
        if (receipt.output().tokens().size() != choices) {
            throw differs("n: number of choices", receipt.output().tokens().size(), choices);
        }
    }

    /** Where no tokens are generated. */
    void checkData() throws ReceiptVerificationException {
        checkModel();
        checkMode();
        checkNothingSampled(receipt);
        checkFormat(receipt, OutputBinding.JSON);
    }

    /** A path of tensors names the model before its last segment, perhaps with the word {@code versions} and a version. */
    static void checkTensors(String path, Receipt receipt) throws ReceiptVerificationException {
        String asked = path.replaceFirst("^/v2/models/", "").replaceFirst("/infer$", "").replaceFirst("/versions/([^/]+)$", "@$1");
        try {
            checkModel(URLDecoder.decode(asked.replace("+", "%2B"), StandardCharsets.UTF_8), receipt.model().name());
        } catch (IllegalArgumentException e) {
            throw new ReceiptVerificationException("the request's path is not properly percent-encoded", e);
        }
        checkNothingSampled(receipt);
        checkFormat(receipt, OutputBinding.RAW);
    }

    private static void checkNothingSampled(Receipt receipt) throws ReceiptVerificationException {
        if (!receipt.sampling().equals(SamplingBinding.none())) {
            throw differs("sampling", receipt.sampling(), "no tokens");
        }
    }

    private void checkModel() throws ReceiptVerificationException {
        checkModel(body.path("model").asText(), receipt.model().name());
    }

    /** A request may leave out the version, and the publisher. */
    private static void checkModel(String asked, String name) throws ReceiptVerificationException {
        int version = name.lastIndexOf('@');
        String unversioned = version < 0 ? name : name.substring(0, version);
        String local = name.substring(name.indexOf('/') + 1);
        String localUnversioned = unversioned.substring(unversioned.indexOf('/') + 1);
        if (!List.of(name, unversioned, local, localUnversioned).contains(asked)) {
            throw differs("model", name, asked);
        }
    }

    private void same(String member, double said) throws ReceiptVerificationException {
        JsonNode asked = body.path(member);
        if (named(asked) && !(asked.isNumber() && asked.doubleValue() == said)) {
            throw differs(member, said, asked);
        }
    }

    private void checkTopK() throws ReceiptVerificationException {
        JsonNode asked = body.path("top_k");
        // vLLM's word for no limit is -1, the receipt's is 0.
        if (named(asked) && !(asked.canConvertToInt() && Math.max(0, asked.intValue()) == sampling.topK())) {
            throw differs("top_k", sampling.topK(), asked);
        }
    }

    private void checkSeed() throws ReceiptVerificationException {
        JsonNode asked = body.path("seed");
        if (named(asked) && !(asked.canConvertToLong() && asked.longValue() == sampling.seed())) {
            throw differs("seed", sampling.seed(), asked);
        }
    }

    private void checkLimit(String member) throws ReceiptVerificationException {
        JsonNode asked = body.path(member);
        if (named(asked) && !(asked.canConvertToLong() && sampling.maxTokens() <= asked.longValue())) {
            throw differs(member, sampling.maxTokens(), asked);
        }
    }

    private void checkStop() throws ReceiptVerificationException {
        JsonNode asked = body.path("stop");
        if (!named(asked)) {
            return;
        }
        List<String> stops = new ArrayList<>();
        if (asked.isArray()) {
            asked.forEach(each -> stops.add(each.asText()));
        } else {
            stops.add(asked.asText());
        }
        if (!stops.equals(sampling.stop())) {
            throw differs("stop", sampling.stop(), stops);
        }
    }

    private void checkMode() throws ReceiptVerificationException {
        String asked = body.path("verification").asText(Verification.TEE.wire());
        if (!asked.equals(receipt.verification().wire())) {
            throw differs("verification", receipt.verification().wire(), asked);
        }
    }

    private static void checkFormat(Receipt receipt, String asked) throws ReceiptVerificationException {
        if (!asked.equals(receipt.output().format())) {
            throw differs("answer format", receipt.output().format(), asked);
        }
    }

    private static boolean named(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private static ReceiptVerificationException differs(String member, Object said, Object asked) {
        return ReceiptVerificationException.differs(member, said, "the request asked for", asked);
    }
}
