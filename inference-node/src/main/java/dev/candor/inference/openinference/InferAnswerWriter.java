package dev.candor.inference.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Writes the body of an answer: JSON, and behind it the bytes of the tensors that go in binary. Thread-safe. */
public final class InferAnswerWriter {
    /** Bytes of tensors that are written as JSON in one answer. */
    static final long MAX_JSON_DATA = 16L << 20;

    private final JsonMapper mapper = Bodies.mapper();

    /**
     * What stands in the answer beside its tensors.
     *
     * @param parameters strings
     */
    public record Head(String model, String version, Optional<String> id, Map<String, String> parameters) {
        public Head {
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * Writes an answer.
     *
     * @param binary names of the outputs that go in binary
     * @throws ApiException if too much is asked for as JSON
     */
    public InferAnswer write(Head head, List<Tensor> outputs, Set<String> binary) throws ApiException {
        long asJson = outputs.stream().filter(output -> !binary.contains(output.name())).mapToLong(output -> output.data().byteSize()).sum();
        if (asJson > MAX_JSON_DATA) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "The outputs have " + asJson + " bytes, at most " + MAX_JSON_DATA
                    + " are written as JSON: ask for them in binary (parameter 'binary_data_output').", "outputs");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = mapper.createGenerator(body)) {
            json.writeStartObject();
            head(json, head);
            json.writeArrayFieldStart("outputs");
            for (Tensor output : outputs) {
                output(json, output, binary.contains(output.name()));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        OptionalInt jsonBytes = binary.isEmpty() ? OptionalInt.empty() : OptionalInt.of(body.size());
        outputs.stream().filter(output -> binary.contains(output.name())).forEach(output -> body.writeBytes(output.data().toArray(ValueLayout.JAVA_BYTE)));
        return new InferAnswer(body.toByteArray(), jsonBytes);
    }

    private static void head(JsonGenerator json, Head head) throws IOException {
        json.writeStringField("model_name", head.model());
        json.writeStringField("model_version", head.version());
        if (head.id().isPresent()) {
            json.writeStringField("id", head.id().get());
        }
        if (!head.parameters().isEmpty()) {
            json.writeObjectFieldStart("parameters");
            for (Map.Entry<String, String> parameter : head.parameters().entrySet()) {
                json.writeStringField(parameter.getKey(), parameter.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void output(JsonGenerator json, Tensor output, boolean binary) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", output.name());
        json.writeStringField("datatype", output.datatype().name());
        json.writeArrayFieldStart("shape");
        for (long length : output.shape()) {
            json.writeNumber(length);
        }
        json.writeEndArray();
        if (binary) {
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", output.data().byteSize());
            json.writeEndObject();
        } else {
            json.writeArrayFieldStart("data");
            new ElementWriter(json).write(output);
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
