package dev.candor.client.api;

import java.util.Optional;

/** An answer with the receipt that proves it. */
public interface VerifiedAnswer {
    /** The receipt; absent only where {@link InferenceMode#NONE} was asked for. */
    Optional<AnswerReceipt> proof();

    /** The receipt. @throws IllegalStateException where {@link InferenceMode#NONE} was asked for */
    default AnswerReceipt receipt() {
        return proof().orElseThrow(() -> new IllegalStateException("the answer was asked for without verification (InferenceMode.NONE), so it has no receipt"));
    }
}
