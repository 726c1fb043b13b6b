package dev.candor.inference.replay;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.client.verify.ReceiptBundle;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.engine.sampling.LogitBias;
import dev.candor.inference.engine.sampling.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Reads transcripts out of a saved receipt, one a choice: the prompts are made anew from the request's bytes, as is what else the request says;
 * all parameters that the receipt names are the receipt's.
 */
final class TranscriptReader {
    private static final int MAX_STOPS = 4;

    private final Map<String, AnswerReader> readers;

    /** @param readers by the path that requests went to */
    TranscriptReader(Map<String, AnswerReader> readers) {
        this.readers = readers;
    }

    /** @throws NotReplayableException naming what is missing, or does not fit the model */
    List<Transcript> read(ReceiptBundle bundle, Receipt receipt, ReplayModel model) throws NotReplayableException {
        ReceiptBundle.Exchange exchange = bundle.exchange().orElseThrow(() -> new NotReplayableException(
                "the bytes of request and answer are not at hand; they are in the client's saved file (ID.candor.json)"));
        AnswerReader reader = readers.get(exchange.path());
        if (reader == null) {
            throw new NotReplayableException("only answers of " + String.join(", ", readers.keySet().stream().sorted().toList())
                    + " can be computed again, this is a receipt of " + exchange.path());
        }
        requireSameModel(receipt, model);
        AnswerPlan plan = reader.read(exchange, receipt, model);
        int prompts = Arrays.stream(plan.prompts().toArray(int[][]::new)).mapToInt(prompt -> prompt.length).sum();
        if (prompts != receipt.usage().promptTokens()) {
            throw new NotReplayableException("the request makes a prompt of " + prompts + " tokens here, the receipt says "
                    + receipt.usage().promptTokens() + ": the model's template depends on more than the request and its time");
        }
        return transcripts(exchange, receipt, model, plan);
    }

    private static List<Transcript> transcripts(ReceiptBundle.Exchange exchange, Receipt receipt, ReplayModel model, AnswerPlan plan)
            throws NotReplayableException {
        int choices = exchange.tokens().size();
        if (choices == 0 || choices != plan.texts().size() || receipt.usage().finishReasons().size() != choices) {
            throw new NotReplayableException("the receipt does not name tokens and a finish reason for each of the answer's " + plan.texts().size() + " choices");
        }
        SamplingParams params = params(receipt.sampling(), plan.decoding().bias());
        List<Transcript> transcripts = new ArrayList<>();
        for (int choice = 0; choice < choices; choice++) {
            int[] prompt = plan.promptOf(choice, choices);
            int[] answer = exchange.tokens().get(choice);
            requireUsable(prompt, answer, receipt, model);
            transcripts.add(new Transcript(
                    prompt,
                    answer,
                    params.forChoice(choice),
                    receipt.sampling().maxTokens(),
                    Math.min(plan.decoding().minTokens(), receipt.sampling().maxTokens()),
                    receipt.sampling().stop(),
                    plan.decoding().ignoreEos(),
                    EngineWords.reason(receipt.usage().finishReasons().get(choice)),
                    plan.texts().get(choice),
                    plan.constraint()));
        }
        return transcripts;
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
        if (receipt.sampling().stop().size() > MAX_STOPS || receipt.sampling().stop().stream().anyMatch(String::isEmpty)) {
            throw new NotReplayableException("the receipt does not name at most " + MAX_STOPS + " stop strings that are not empty");
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

    private static SamplingParams params(SamplingBinding s, LogitBias bias) throws NotReplayableException {
        SamplingParams params = new SamplingParams(
                s.temperature(), s.topP(), s.topK(), s.minP(), s.frequencyPenalty(), s.presencePenalty(), s.repetitionPenalty(), s.seed(), bias);
        try {
            params.validate();
            return params;
        } catch (IllegalArgumentException e) {
            throw new NotReplayableException("the receipt's parameters are none that this program samples by: " + e.getMessage());
        }
    }
}
