package dev.candor.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One item of a response while it is made: it tells what comes as events, and is whole in the end. */
sealed interface OutputItem permits OutputCall, OutputText {
    /**
     * Tells of its end.
     *
     * @param status {@code completed} or {@code incomplete}
     * @return the item
     */
    ObjectNode close(String status);
}
