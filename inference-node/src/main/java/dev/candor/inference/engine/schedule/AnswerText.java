package dev.candor.inference.engine.schedule;

import dev.candor.inference.text.IncrementalDecoder;
import dev.candor.inference.text.StopStringMatcher;

/** The text of an answer as it grows: decoded, and watched for stop strings. */
public final class AnswerText {
    private final IncrementalDecoder decoder;
    private final StopStringMatcher stops;
    private final StringBuilder whole = new StringBuilder();

    public AnswerText(IncrementalDecoder decoder, StopStringMatcher stops) {
        this.decoder = decoder;
        this.stops = stops;
    }

    /**
     * Takes a token.
     *
     * @param mayStop whether stop strings count already
     * @return the text that became certain
     */
    public String append(int token, boolean mayStop) {
        return watch(decoder.append(token), mayStop);
    }

    private String watch(String piece, boolean mayStop) {
        String certain = mayStop ? stops.append(piece) : piece;
        whole.append(certain);
        return certain;
    }

    /** The rest, once there are no more tokens; nothing after a stop string. */
    public String end() {
        if (stops.matched()) {
            return "";
        }
        String rest = stops.append(decoder.flush());
        rest += stops.flush();
        whole.append(rest);
        return rest;
    }

    public boolean stopped() {
        return stops.matched();
    }

    public String whole() {
        return whole.toString();
    }
}
