package dev.candor.inference.openai;

import java.util.List;
import java.util.OptionalInt;

/**
 * A body of {@code POST /v1/embeddings}.
 *
 * @param inputs     at least one
 * @param base64     whether vectors go as base64 of little-endian 32-bit floats, and not as numbers
 * @param dimensions to which vectors are shortened
 */
public record EmbeddingRequest(EncoderRequest common, List<EncoderText> inputs, boolean base64, OptionalInt dimensions) {
    /** @throws ApiException naming the member at fault */
    public static EmbeddingRequest parse(byte[] body, Json json) throws ApiException {
        EncoderFields reader = new EncoderFields(json.object(body));
        Fields fields = reader.fields();
        EncoderRequest common = reader.common();
        String format = fields.text("encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw fields.invalid("encoding_format", "must be 'float' or 'base64', got '" + format + "'");
        }
        return new EmbeddingRequest(common, reader.input(), format.equals("base64"), fields.integer("dimensions", 1, Integer.MAX_VALUE));
    }
}
