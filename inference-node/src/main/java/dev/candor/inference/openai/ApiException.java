package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A request ends in an error; the message is fit for the caller. */
public final class ApiException extends Exception {
    /** Characters of a message: what a client sent may be part of it. */
    private static final int MAX_MESSAGE = 600;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLIS_PER_SECOND = 1000;

    private final ErrorCode error;
    private final Optional<String> param;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private Optional<Duration> retryAfter;
    private final Map<String, JsonNode> members = new LinkedHashMap<>();

    /** @param param the request's member at fault, for example {@code messages[0].role}, or null */
    public ApiException(ErrorCode error, String message, String param) {
        super(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…", null, false, false);
        this.error = error;
        this.param = Optional.ofNullable(param);
        this.retryAfter = error.retryAfter();
    }

    public ApiException(ErrorCode error, String message) {
        this(error, message, null);
    }

    /** Adds a response header. */
    public ApiException header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Adds a member to the error object, after the four that are always there; {@code code} replaces the table's code. */
    public ApiException member(String name, String value) {
        members.put(name, JsonNodeFactory.instance.textNode(value));
        return this;
    }

    /** Tells OpenAI's clients not to send the request again by themselves, whatever the table says. */
    public ApiException noRetry() {
        retryAfter = Optional.empty();
        return this;
    }

    /** Tells OpenAI's clients to send the request again after so long, whatever the table says. */
    public ApiException retryAfter(Duration wait) {
        retryAfter = Optional.of(wait);
        return this;
    }

    public ErrorCode error() {
        return error;
    }

    public Optional<String> param() {
        return param;
    }

    /**
     * Those that were added, {@code x-should-retry}, and where the request may be sent again also {@code retry-after} (whole seconds) and
     * {@code retry-after-ms}, which OpenAI's clients read first.
     */
    public Map<String, String> headers() {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("x-should-retry", Boolean.toString(retryAfter.isPresent()));
        retryAfter.ifPresent(wait -> {
            long millis = Math.max(1, Math.ceilDiv(wait.toNanos(), NANOS_PER_MILLI));
            all.put("retry-after", Long.toString(Math.ceilDiv(millis, MILLIS_PER_SECOND)));
            all.put("retry-after-ms", Long.toString(millis));
        });
        return all;
    }

    /** The body: {@code {"error":{"message","type","param","code"}}}. */
    public ObjectNode body() {
        return body(getMessage(), error, param.orElse(null), members);
    }

    private static ObjectNode body(String message, ErrorCode error, String param, Map<String, JsonNode> members) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode inner = body.putObject("error");
        inner.put("message", message).put("type", error.type()).put("param", param).put("code", error.code());
        inner.setAll(members);
        return body;
    }
}
