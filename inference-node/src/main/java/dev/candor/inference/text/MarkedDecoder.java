package dev.candor.inference.text;

import java.util.Map;
import java.util.function.Supplier;

/** Shows some special tokens among the text of the others. */
final class MarkedDecoder implements IncrementalDecoder {
    private final Map<Integer, String> markers;
    private final Supplier<IncrementalDecoder> decoders;
    private IncrementalDecoder decoder;

    /** @param decoders make what decodes the text between two markers */
    MarkedDecoder(Map<Integer, String> markers, Supplier<IncrementalDecoder> decoders) {
        this.markers = markers;
        this.decoders = decoders;
        this.decoder = decoders.get();
    }

    @Override
    public String append(int token) {
        String marker = markers.get(token);
        if (marker == null) {
            return decoder.append(token);
        }
        String before = decoder.flush();
        decoder = decoders.get();
        return before + marker;
    }

    @Override
    public String flush() {
        return decoder.flush();
    }
}
