package dev.candor.inference.replay;

import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.Json;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.text.TemplateException;
import java.util.stream.IntStream;

/** Reads the transcript out of a saved receipt: the prompt is made anew from the request's bytes, all parameters are the receipt's. */
final class TranscriptReader {
    private static final String CHAT = "/v1/chat/completions";
    private static final int MAX_STOPS = 4;

    private final ChatRequestParser parser = new ChatRequestParser(new Json());

    /** @throws NotReplayableException naming what is missing, or does not fit the model */
    Transcript read(ReceiptBundle bundle, Receipt receipt, ReplayModel model) throws NotReplayableException {
        ReceiptBundle.Exchange exchange = bundle.exchange().orElseThrow(() -> new NotReplayableException(
                "the bytes of request and answer are not at hand; they are in the client's saved file (ID.candor.json)"));
        if (!exchange.path().equals(CHAT)) {
            throw new NotReplayableException("only chat completions can be computed again, this is a receipt of " + exchange.path());
        }
        requireSameModel(receipt, model);
        if (exchange.tokens().size() != 1) {
            throw new NotReplayableException("the answer has " + exchange.tokens().size() + " choices, only one can be computed again");
        }
        ChatRequest request = parse(exchange.request());
        int[] prompt = prompt(request, model.prompts().at(AnswerTime.of(exchange, receipt)));
        if (prompt.length != receipt.usage().promptTokens()) {
            throw new NotReplayableException("the request makes a prompt of " + prompt.length + " tokens here, the receipt says "
                    + receipt.usage().promptTokens() + ": the model's template depends on more than the request and its time");
        }
        SamplingBinding sampling = receipt.sampling();
        int[] answer = exchange.tokens().getFirst();
        requireUsable(prompt, answer, receipt, model);
        return new Transcript(
                prompt,
                answer,
                params(sampling),
                sampling.maxTokens(),
                Math.min(request.decoding().minTokens(), sampling.maxTokens()),
                sampling.stop(),
                request.decoding().ignoreEos(),
                receipt.usage().finishReasons().getFirst(),
                text(exchange));
    }

    /** Anybody can sign a receipt, so nothing in it is taken for sensible. */
    private static void requireUsable(int[] prompt, int[] answer, Receipt receipt, ReplayModel model) throws NotReplayableException {
        if (prompt.length == 0 || answer.length == 0) {
            throw new NotReplayableException("the transcript is empty");
        }
        int context = model.engine().info().contextLength();
        if ((long) prompt.length + answer.length > context) {
            throw new NotReplayableException("the transcript has " + ((long) prompt.length + answer.length) + " tokens, the model's context is " + context + " here");
        }
        int vocabulary = model.engine().vocabSize();
        if (IntStream.of(answer).anyMatch(token -> token < 0 || token >= vocabulary)) {
            throw new NotReplayableException("the answer has a token outside the model's vocabulary of " + vocabulary);
        }
        if (receipt.usage().finishReasons().size() != 1 || receipt.sampling().stop().size() > MAX_STOPS
                || receipt.sampling().stop().stream().anyMatch(String::isEmpty)) {
            throw new NotReplayableException("the receipt does not name one finish reason, and at most " + MAX_STOPS + " stop strings that are not empty");
        }
    }

    private static void requireSameModel(Receipt receipt, ReplayModel model) throws NotReplayableException {
        if (!receipt.model().digest().equals(model.binding().digest())) {
            throw new NotReplayableException("the receipt is of the model " + receipt.model().name() + " with digest " + receipt.model().digest()
                    + ", here is " + model.binding().name() + " with " + model.binding().digest());
        }
        if (!model.engine().replayable()) {
            throw new NotReplayableException("steps of this model do not give the bits of a prefill on this machine");
        }
        String here = model.engine().info().determinismClass();
        if (!receipt.runtime().determinismClass().equals(here)) {
            throw new NotReplayableException("the answer was computed in the determinism class " + receipt.runtime().determinismClass()
                    + ", this machine's is " + here + ": bits are equal only within one class");
        }
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
            return prompts.tokens(request);
        } catch (TemplateException e) {
            throw new NotReplayableException("the model's chat template refuses the messages: " + e.getMessage());
        }
    }

    private static SamplingParams params(SamplingBinding s) throws NotReplayableException {
        SamplingParams params = new SamplingParams(
                s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed());
        try {
            params.validate();
            return params;
        } catch (IllegalArgumentException e) {
            throw new NotReplayableException("the receipt's parameters are none that this program samples by: " + e.getMessage());
        }
    }

    private static String text(ReceiptBundle.Exchange exchange) throws NotReplayableException {
        try {
            ResponseBytes answer = exchange.format().equals(OutputBinding.SSE)
                    ? ResponseBytes.ofStream(exchange.response()) : ResponseBytes.ofBody(exchange.response());
            return answer.content().json().path(0).path("message").path("content").asText();
        } catch (ReceiptVerificationException e) {
            throw new NotReplayableException("the answer cannot be read: " + e.getMessage());
        }
    }
}
