package dev.candor.inference.http;

import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.openai.ApiException;
import java.util.Optional;

/** How an answer travels. The calls come in this order; {@link #text} from the engine's thread, the others from one other. */
interface ChatAnswer {
    /** A piece of text as it comes. */
    void text(String text);

    /**
     * The generation is over; what is said of the output in the receipt.
     *
     * @throws ReceiptVerificationException if the answer is none that a client could verify
     */
    OutputBinding finish(GenerationResult result, UsageBinding usage) throws ReceiptVerificationException;

    /** The complete answer with its receipt; nothing of what is new in it leaves yet. */
    Reply seal(Optional<SignedAnswer> receipt);

    /** Lets the rest of the sealed answer go. */
    void deliver(Reply sealed);

    /** @return whether the client has been told; false if nothing was sent yet, so that an ordinary error can be */
    boolean fail(ApiException failure);
}
