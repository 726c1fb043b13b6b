package dev.candor.inference.text;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Decodes tokens of any kind by decoding the last few again and again: what a window of tokens says beyond what its older part said is
 * new. The older part is there because many decoders treat the first token of a text differently.
 */
final class WindowDecoder implements IncrementalDecoder {
    /** A character has at most four bytes; a longer run that ends badly is not a character and goes out as it is. */
    private static final int MAX_OPEN_TOKENS = 8;

    private static final String REPLACEMENT = "\uFFFD";

    private final Function<int[], String> decode;
    private int[] window = new int[0];
    private int told;
    private String toldText = "";

    WindowDecoder(Function<int[], String> decode) {
        this.decode = decode;
    }

    @Override
    public String append(int token) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = token;
        String text = decode.apply(window);
        if (text.endsWith(REPLACEMENT) && window.length - told < MAX_OPEN_TOKENS) {
            return "";
        }
        return tell(text);
    }

    private String tell(String text) {
        String news = text.length() > toldText.length() ? text.substring(toldText.length()) : "";
        window = Arrays.copyOfRange(window, told, window.length);
        told = window.length;
        toldText = decode.apply(window);
        return news;
    }

    @Override
    public String flush() {
        return window.length > told ? tell(decode.apply(window)) : "";
    }
}
