package dev.candor.inference.http;

import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.Completion;
import java.util.Optional;

/**
 * One request with everything that decides its answer.
 *
 * @param path       the HTTP path
 * @param bodyDigest SHA-256 of the body's bytes
 * @param seed       the request's, or one the node drew
 * @param terms      how it is to be served
 * @param nonce      the client's, lower-case hexadecimal
 * @param payment    reserved for this request, where it is paid
 * @param receiptId  of the receipt, should there be one
 */
record Job(
        String path,
        ChatRequest request,
        Digest bodyDigest,
        ChatModel model,
        ChatModel.Prompt prompt,
        long seed,
        ServiceTerms terms,
        Optional<String> nonce,
        Optional<Passage.Paid> payment,
        ReceiptId receiptId,
        Completion completion) {
    Job paidBy(Passage.Paid reserved) {
        return new Job(path, request, bodyDigest, model, prompt, seed, ServiceRules.paidBy(reserved, terms), nonce, Optional.of(reserved),
                receiptId, completion);
    }

    /** What payment, receipt and headers need of this. */
    Order order() {
        SamplingBinding sampling = sampling();
        EffectiveRequest effective = EffectiveRequest.of(request.body(), model.binding(), sampling, request.verification());
        return new Order(path, bodyDigest, effective, model, request.verification(), sampling, nonce, payment, receiptId);
    }

    GenerationRequest generation() {
        ChatRequest.Sampling s = request.sampling();
        SamplingParams params = new SamplingParams(
                s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), seed);
        return new GenerationRequest(
                prompt.tokens(), params, prompt.maxTokens(), Math.min(request.minTokens(), prompt.maxTokens()), request.stop(), request.ignoreEos(),
                terms);
    }

    SamplingBinding sampling() {
        ChatRequest.Sampling s = request.sampling();
        return new SamplingBinding(
                s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(),
                seed, prompt.maxTokens(), request.stop());
    }
}
