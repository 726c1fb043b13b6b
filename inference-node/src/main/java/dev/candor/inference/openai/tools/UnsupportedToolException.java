package dev.candor.inference.openai.tools;

/** A function's parameters cannot be enforced, and the request wants just that. */
public final class UnsupportedToolException extends Exception {
    private final String param;

    /** @param param the request's member at fault, for example {@code tools[0].function.parameters} */
    UnsupportedToolException(String param, String problem) {
        super(problem);
        this.param = param;
    }

    public String param() {
        return param;
    }
}
