package dev.candor.client.api;

import java.util.Optional;

/**
 * An answer read into a record.
 *
 * @param value  what the model answered
 * @param answer the whole answer
 */
public record RecordAnswer<T extends Record>(T value, ChatAnswer answer) implements VerifiedAnswer {
    @Override
    public Optional<AnswerReceipt> proof() {
        return answer.proof();
    }

    /** The value cut to a line, and the receipt's id. */
    @Override
    public String toString() {
        return "RecordAnswer[" + ShortText.cut(String.valueOf(value)) + ", receipt " + ShortText.receipt(proof()) + "]";
    }
}
