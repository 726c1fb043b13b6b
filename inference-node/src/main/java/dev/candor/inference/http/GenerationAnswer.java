package dev.candor.inference.http;

import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.openai.ApiException;
import java.util.List;
import java.util.Optional;

/** How an answer travels. The calls come in this order, but for {@link #cancel}; {@link #progress} from the engine's thread, the others from one other. */
interface GenerationAnswer {
    /**
     * Finds out what the answer needs beside what is generated. Blocks.
     *
     * @throws Exception the answer fails for it
     */
    default void prepare() throws Exception {}

    /** Nobody waits for the answer any more. May come at any time, from any thread. */
    default void cancel() {}

    /** What has come of one of the job's sequences. Must not block. */
    void progress(int sequence, Progress progress);

    /** Those of the finished sequences that the client gets, in the order of the choices. */
    default List<GenerationResult> chosen(List<GenerationResult> results) {
        return results;
    }

    /** The finish reason of each choice, in the words of the API. */
    default List<String> reasons(List<GenerationResult> chosen) {
        return chosen.stream().map(result -> result.finishReason().wire()).toList();
    }

    /**
     * The generation is over; what is said of the output in the receipt.
     *
     * @throws ReceiptVerificationException if the answer is none that a client could verify
     */
    OutputBinding finish(List<GenerationResult> chosen, UsageBinding usage) throws ReceiptVerificationException;

    /** The complete answer with its receipt; nothing of what is new in it leaves yet. */
    Reply seal(Optional<SignedAnswer> receipt);

    /** Lets the rest of the sealed answer go. */
    void deliver(Reply sealed);

    /** @return whether the client has been told; false if nothing was sent yet, so that an ordinary error can be */
    boolean fail(ApiException failure);
}
