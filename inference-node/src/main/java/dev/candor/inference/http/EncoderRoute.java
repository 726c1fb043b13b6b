package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;

/** What one path of encoder models makes of a body. Thread-safe. */
interface EncoderRoute {
    /** What is paid for, in words. */
    String words();

    /** @throws ApiException if the body cannot be read, or does not fit the model it names */
    EncoderCall read(byte[] body) throws ApiException, InterruptedException;
}
