package dev.candor.inference.openai;

import java.util.List;

/**
 * A body of {@code POST /v1/classify}, in vLLM's form.
 *
 * @param inputs at least one
 */
public record ClassifyRequest(EncoderRequest common, List<EncoderText> inputs) {
    /** @throws ApiException naming the member at fault */
    public static ClassifyRequest parse(byte[] body, Json json) throws ApiException {
        EncoderFields reader = new EncoderFields(json.object(body));
        EncoderRequest common = reader.common();
        return new ClassifyRequest(common, reader.input());
    }
}
