package dev.candor.inference.http;

/** A request that can be answered, and how its answer is to look. */
record GenerationCall(Job job, Form form) {
    /** Makes the answer of a route. */
    interface Form {
        /**
         * An answer that has not begun.
         *
         * @param order  as in the job, with its payment
         * @param onGone to be called when the client has gone, or reads too slowly
         */
        GenerationAnswer answer(Exchange exchange, Order order, Runnable onGone);
    }
}
