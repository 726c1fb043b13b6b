package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;

/** What is particular to one of the routes that generate tokens. */
interface GenerationRoute {
    /** What is paid for, in words, such as {@code One chat completion}. */
    String words();

    /**
     * Reads a request, finds its model and makes its prompts. Blocks.
     *
     * @throws ApiException if it cannot be answered; nothing is charged then
     */
    GenerationCall read(Exchange exchange) throws ApiException, InterruptedException;
}
