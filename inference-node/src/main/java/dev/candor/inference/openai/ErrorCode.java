package dev.candor.inference.openai;

import java.time.Duration;
import java.util.Optional;

/**
 * Every error that the HTTP surface can answer with: its status, OpenAI's type and code of it, and whether the same request may be sent again.
 * {@code docs/errors.md} says what each means.
 */
public enum ErrorCode {
    INVALID_JSON(400, "invalid_request_error", "invalid_json"),
    INVALID_TYPE(400, "invalid_request_error", "invalid_type"),
    INVALID_VALUE(400, "invalid_request_error", "invalid_value"),
    MISSING_PARAMETER(400, "invalid_request_error", "missing_required_parameter"),
    UNSUPPORTED_PARAMETER(400, "invalid_request_error", "unsupported_parameter"),
    UNSUPPORTED_FORMAT(400, "invalid_request_error", "unsupported_format"),
    UNSUPPORTED_CONTENT(400, "invalid_request_error", "unsupported_content"),
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error", "context_length_exceeded"),
    MODEL_NOT_SUPPORTED(400, "invalid_request_error", "model_not_supported"),
    MODEL_RUN_FAILED(400, "invalid_request_error", "model_run_failed"),
    INVALID_PAYMENT(400, "invalid_request_error", "invalid_payment"),
    PREVIOUS_RESPONSE_NOT_FOUND(400, "invalid_request_error", "previous_response_not_found"),
    BAD_REQUEST(400, "invalid_request_error", "bad_request"),
    INVALID_API_KEY(401, "invalid_request_error", "invalid_api_key"),
    PAYMENT_REQUIRED(402, "payment_required", "payment_required"),
    SPENDING_LIMIT(402, "payment_required", "spending_limit_exceeded"),
    PAYMENT_FAILED(402, "payment_required", "payment_failed"),
    FORBIDDEN(403, "permission_error", "forbidden"),
    NOT_FOUND(404, "not_found_error", "not_found"),
    MODEL_NOT_FOUND(404, "invalid_request_error", "model_not_found"),
    MODEL_NOT_LOADED(404, "invalid_request_error", "model_not_loaded"),
    RESPONSE_NOT_FOUND(404, "not_found_error", "response_not_found"),
    RECEIPT_NOT_FOUND(404, "not_found_error", "receipt_not_found"),
    PAYMENT_NOT_FOUND(404, "not_found_error", "payment_not_found"),
    ATTESTATION_NOT_FOUND(404, "not_found_error", "attestation_not_found"),
    INCLUSION_PENDING(404, "not_found_error", "inclusion_pending", 1),
    ANCHOR_PENDING(404, "not_found_error", "anchor_pending", 10),
    METHOD_NOT_ALLOWED(405, "invalid_request_error", "method_not_allowed"),
    NOT_ACCEPTABLE(406, "invalid_request_error", "not_acceptable"),
    REQUEST_TIMEOUT(408, "invalid_request_error", "request_timeout", 1),
    PAYMENT_IN_USE(409, "conflict_error", "payment_in_use", 1),
    PAYMENT_ALREADY_USED(409, "conflict_error", "payment_already_used"),
    MODEL_BUSY(409, "conflict_error", "model_busy", 1),
    BODY_TOO_LARGE(413, "invalid_request_error", "body_too_large"),
    URI_TOO_LONG(414, "invalid_request_error", "uri_too_long"),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error", "unsupported_media_type"),
    RATE_LIMIT_EXCEEDED(429, "rate_limit_error", "rate_limit_exceeded", 1),
    INSUFFICIENT_QUOTA(429, "insufficient_quota", "insufficient_quota"),
    QUEUE_FULL(429, "rate_limit_error", "queue_full", 1),
    HEADERS_TOO_LARGE(431, "invalid_request_error", "headers_too_large"),
    INTERNAL(500, "server_error", "internal_error", 1),
    MODEL_FAILED(500, "server_error", "model_failed"),
    RECEIPT_UNVERIFIED(502, "server_error", "receipt_unverified"),
    NODE_UNAVAILABLE(502, "server_error", "node_unavailable"),
    MODEL_UNAVAILABLE(503, "server_error", "model_unavailable", 10),
    SETTLEMENT_BACKLOG(503, "server_error", "settlement_backlog", 10),
    DISK_FULL(503, "server_error", "disk_full", 60),
    UNAVAILABLE(503, "server_error", "unavailable", 10),
    DEADLINE_EXCEEDED(504, "server_error", "deadline_exceeded");

    private final int status;
    private final String type;
    private final String code;
    private final Optional<Duration> retryAfter;

    /** One that comes again if the same request does. */
    ErrorCode(int status, String type, String code) {
        this(status, type, code, Optional.empty());
    }

    /** One that passes. */
    ErrorCode(int status, String type, String code, int retrySeconds) {
        this(status, type, code, Optional.of(Duration.ofSeconds(retrySeconds)));
    }

    ErrorCode(int status, String type, String code, Optional<Duration> retryAfter) {
        this.status = status;
        this.type = type;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String code() {
        return code;
    }

    /**
     * After how long the same request, its payment included, may be sent again, unless the node knows better; empty if it must not be, because it would
     * fail again or somebody might pay twice.
     */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
