package dev.candor.inference.openinference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.candor.attestation.digest.JsonFault;
import dev.candor.inference.engine.tensor.Tensor;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the body of {@code POST …/infer}: JSON, and behind it the bytes of tensors that are sent in binary. Tensors go straight into their bytes;
 * nothing is built of their numbers. Thread-safe.
 */
public final class InferRequestReader {
    /** Tensors of one request. */
    static final int MAX_TENSORS = 1024;
    private static final int MAX_ID = 256;

    private final JsonMapper mapper = Bodies.mapper();

    /**
     * Reads a request.
     *
     * @param jsonBytes length of the JSON, where the header {@code Inference-Header-Content-Length} tells it
     * @throws ApiException saying what is wrong with which tensor
     */
    public InferRequest read(byte[] body, OptionalLong jsonBytes) throws ApiException {
        long length = jsonBytes.orElse(body.length);
        if (length < 0 || length > body.length) {
            throw new ApiException(ErrorCode.INVALID_VALUE, "Inference-Header-Content-Length is " + length + ", the body has " + body.length + " bytes.",
                    "Inference-Header-Content-Length");
        }
        try (JsonParser parser = mapper.createParser(body, 0, (int) length)) {
            return request(parser, new BinaryTail(body, (int) length));
        } catch (JsonProcessingException e) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body is not valid JSON: " + JsonFault.of(e));
        } catch (IOException e) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body is not valid JSON: " + e.getMessage());
        }
    }

    private InferRequest request(JsonParser parser, BinaryTail tail) throws IOException, ApiException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body must be a JSON object.");
        }
        Optional<String> id = Optional.empty();
        Parameters parameters = Parameters.none();
        List<InputHead> inputs = null;
        JsonNode outputs = null;
        for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
            parser.nextToken();
            switch (member) {
                case "id" -> id = Optional.of(id(parser));
                case "parameters" -> parameters = Parameters.of(parser.readValueAsTree(), "");
                case "inputs" -> inputs = inputs(parser);
                case "outputs" -> outputs = parser.readValueAsTree();
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new ApiException(ErrorCode.INVALID_JSON, "The body goes on after its JSON object; bytes of tensors need the header Inference-Header-Content-Length.");
        }
        if (inputs == null) {
            throw new ApiException(ErrorCode.MISSING_PARAMETER, "Missing required parameter: 'inputs'.", "inputs");
        }
        List<Tensor> tensors = new ArrayList<>();
        for (InputHead head : inputs) {
            tensors.add(head.tensor(mapper, tail));
        }
        tail.requireEnd();
        boolean binary = parameters.flag("binary_data_output", false);
        return new InferRequest(id, parameters.text("verification"), parameters.whole("timeout"), tensors, outputs(outputs, binary), binary);
    }

    private static String id(JsonParser parser) throws IOException, ApiException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getTextLength() > MAX_ID) {
            throw new ApiException(ErrorCode.INVALID_TYPE, "'id' must be a string of at most " + MAX_ID + " characters.", "id");
        }
        return parser.getText();
    }

    private static List<InputHead> inputs(JsonParser parser) throws IOException, ApiException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new ApiException(ErrorCode.INVALID_TYPE, "'inputs' must be an array.", "inputs");
        }
        List<InputHead> inputs = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (inputs.size() == MAX_TENSORS) {
                throw new ApiException(ErrorCode.INVALID_VALUE, "'inputs' has more than " + MAX_TENSORS + " tensors.", "inputs");
            }
            inputs.add(InputHead.read(parser, "inputs[" + inputs.size() + "]"));
        }
        return inputs;
    }

    private static List<InferRequest.Output> outputs(JsonNode outputs, boolean binary) throws ApiException {
        List<InferRequest.Output> read = new ArrayList<>();
        if (outputs == null || outputs.isNull()) {
            return read;
        }
        if (!outputs.isArray() || outputs.size() > MAX_TENSORS) {
            throw new ApiException(ErrorCode.INVALID_TYPE, "'outputs' must be an array of at most " + MAX_TENSORS + " objects.", "outputs");
        }
        for (JsonNode output : outputs) {
            String where = "outputs[" + read.size() + "]";
            if (!output.path("name").isTextual()) {
                throw new ApiException(ErrorCode.MISSING_PARAMETER, "'" + where + ".name' must be a string.", where + ".name");
            }
            Parameters parameters = Parameters.of(output.get("parameters"), where + ".");
            parameters.refuse("classification", "is not supported: take the scores and rank them");
            parameters.refuseSharedMemory();
            read.add(new InferRequest.Output(output.get("name").textValue(), parameters.flag("binary_data", binary)));
        }
        return read;
    }
}
