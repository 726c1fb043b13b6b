package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ChatRequest;
import dev.candor.inference.openai.ChatRequestParser;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.responses.ResponseHistory;
import dev.candor.inference.openai.responses.ResponseRequest;
import java.util.List;

/**
 * {@code truncation: "auto"}: drops as few of the oldest turns of a conversation as make room for an answer; {@code instructions} stay.
 *
 * @param plans   makes a chat request ready for its model
 * @param context the model's, in tokens
 */
record ResponseShortening(ChatRequestParser parser, Plans plans, int context) {
    /** Tokens of an answer that there is to be room for, unless the request says how many it may have. */
    private static final int ROOM = 256;
    /** An answer need not have more than this part of the context. */
    private static final int ANSWERS_PART = 4;

    /** Makes chat requests ready. */
    interface Plans {
        ChatJobs.Planned make(ChatRequest chat) throws ApiException, InterruptedException;
    }

    /**
     * Makes the request ready, as it is if it fits.
     *
     * @param whole the chat request with all items
     * @throws ApiException if not even the last turn fits
     */
    ChatJobs.Planned plan(ResponseRequest request, ResponseHistory history, ChatRequest whole) throws ApiException, InterruptedException {
        try {
            return plans.make(whole);
        } catch (ApiException e) {
            return shortened(request, history.all(), requireTooLong(e));
        }
    }

    private ChatJobs.Planned shortened(ResponseRequest request, List<ObjectNode> items, ApiException refusal) throws ApiException, InterruptedException {
        List<Integer> beginnings = ResponseHistory.laterBeginnings(items);
        ApiException tooLong = refusal;
        ChatJobs.Planned best = null;
        int from = 0;
        int to = beginnings.size();
        while (from < to) {
            int middle = (from + to) / 2;
            try {
                ChatJobs.Planned shorter = plans.make(parser.parse(request.chat(items.subList(beginnings.get(middle), items.size()))));
                boolean roomy = roomy(shorter);
                if (roomy || best == null || !roomy(best)) {
                    best = shorter;
                }
                to = roomy ? middle : to;
                from = roomy ? from : middle + 1;
            } catch (ApiException e) {
                tooLong = requireTooLong(e);
                from = middle + 1;
            }
        }
        if (best == null) {
            throw tooLong;
        }
        return best;
    }

    private boolean roomy(ChatJobs.Planned planned) {
        int wanted = planned.plan().request().maxTokens().orElse(ROOM);
        return planned.job().mostTokens() >= Math.min(wanted, context / ANSWERS_PART);
    }

    private static ApiException requireTooLong(ApiException refusal) throws ApiException {
        if (refusal.error() != ErrorCode.CONTEXT_LENGTH_EXCEEDED) {
            throw refusal;
        }
        return refusal;
    }
}
