package dev.candor.client.langchain4j;

import dev.candor.client.api.AnswerReceipt;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.Objects;
import java.util.Optional;

/** What is known of an answer, with the receipt that proves it. */
public final class CandorChatResponseMetadata extends ChatResponseMetadata {
    private final Optional<AnswerReceipt> receipt;

    private CandorChatResponseMetadata(Builder builder) {
        super(builder);
        this.receipt = builder.receipt;
    }

    /** The receipt; absent only where the client asks for no verification. */
    public Optional<AnswerReceipt> receipt() {
        return receipt;
    }

    @Override
    public ChatResponseMetadata.Builder<?> toBuilder() {
        return toBuilder(new Builder(receipt));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CandorChatResponseMetadata same && super.equals(other) && receiptId().equals(same.receiptId());
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), receiptId());
    }

    @Override
    public String toString() {
        return "CandorChatResponseMetadata{id=" + id() + ", modelName=" + modelName() + ", tokenUsage=" + tokenUsage() + ", finishReason=" + finishReason()
                + ", receipt=" + receiptId().orElse("none") + "}";
    }

    private Optional<String> receiptId() {
        return receipt.map(AnswerReceipt::id);
    }

    /** Collects what is known. */
    static final class Builder extends ChatResponseMetadata.Builder<Builder> {
        private final Optional<AnswerReceipt> receipt;

        Builder(Optional<AnswerReceipt> receipt) {
            this.receipt = receipt;
        }

        @Override
        public CandorChatResponseMetadata build() {
            return new CandorChatResponseMetadata(this);
        }
    }
}
