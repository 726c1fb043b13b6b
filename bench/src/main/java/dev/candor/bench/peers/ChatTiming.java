package dev.candor.bench.peers;

import java.util.Arrays;

/**
 * When the pieces of one streamed answer came.
 *
 * @param begin            {@code System.nanoTime()} of the request
 * @param pieces           the same of each piece of text, in order, at least one
 * @param promptTokens     as the server counts them
 * @param completionTokens as the server counts them
 */
record ChatTiming(long begin, long[] pieces, int promptTokens, int completionTokens) {
    double firstMillis() {
        return (pieces[0] - begin) / 1e6;
    }

    long first() {
        return pieces[0];
    }

    long last() {
        return pieces[pieces.length - 1];
    }

    /** Tokens that came after {@code from} and not after {@code to}; a piece stands for as many tokens as any other. */
    double tokensWithin(long from, long to) {
        long count = Arrays.stream(pieces).filter(at -> at > from && at <= to).count();
        return count * (double) completionTokens / pieces.length;
    }

    /** Milliseconds between one piece and the next. */
    double[] gapsMillis() {
        double[] gaps = new double[pieces.length - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = (pieces[i + 1] - pieces[i]) / 1e6;
        }
        return gaps;
    }
}
