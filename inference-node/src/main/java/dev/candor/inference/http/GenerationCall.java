package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;

/** A request that can be answered, and how its answer is to look. */
record GenerationCall(Job job, Form form) {
    /** Makes the answer of a route. */
    interface Form {
        /**
         * Asked once it is known who the request is of.
         *
         * @param order as in the job, with its payment, which is given back if the request is refused
         * @throws ApiException to refuse it
         */
        default void admit(Order order) throws ApiException {}

        /**
         * An answer that has not begun.
         *
         * @param order  as in the job, with its payment
         * @param onGone to be called when the client has gone, or reads too slowly
         */
        GenerationAnswer answer(Exchange exchange, Order order, Runnable onGone);
    }
}
