package dev.candor.inference.openinference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;

/** A {@code parameters} object, whose unknown members mean nothing. */
record Parameters(JsonNode object, String prefix) {
    static Parameters none() {
        return new Parameters(JsonNodeFactory.instance.objectNode(), "");
    }

    /** @param prefix put before {@code parameters} in errors */
    static Parameters of(JsonNode object, String prefix) throws ApiException {
        if (object == null || object.isNull()) {
            return none();
        }
        if (!(object instanceof ObjectNode)) {
            throw new ApiException(ErrorCode.INVALID_TYPE, "'" + prefix + "parameters' must be an object.", prefix + "parameters");
        }
        return new Parameters(object, prefix);
    }

    boolean flag(String name, boolean otherwise) throws ApiException {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "must be true or false");
        }
        return value.booleanValue();
    }

    OptionalLong whole(String name) throws ApiException {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw wrong(name, "must be a whole number of at least 0");
        }
        return OptionalLong.of(value.longValue());
    }

    Optional<String> text(String name) throws ApiException {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrong(name, "must be a string");
        }
        return Optional.of(value.textValue());
    }

    void refuse(String name, String why) throws ApiException {
        if (object.has(name)) {
            throw new ApiException(ErrorCode.UNSUPPORTED_PARAMETER, "'" + full(name) + "' " + why + ".", full(name));
        }
    }

    void refuseSharedMemory() throws ApiException {
        refuse("shared_memory_region", "is not supported: send the tensor with the request");
    }

    private ApiException wrong(String name, String what) {
        return new ApiException(ErrorCode.INVALID_VALUE, "'" + full(name) + "' " + what + ".", full(name));
    }

    private String full(String name) {
        return prefix + "parameters." + name;
    }
}
