package dev.candor.client.error;

import java.time.Duration;
import java.util.Optional;

/** The node answered with an error of the OpenAI form, and no retry helped or was allowed. */
public final class NodeErrorException extends CandorException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Details details;

    /**
     * What the node said beside its message.
     *
     * @param type       for example {@code invalid_request_error}
     * @param code       for example {@code model_not_found}
     * @param param      the request's member at fault, for example {@code messages[0].role}
     * @param requestId  by which the node's operator finds the request ({@code x-request-id})
     * @param retryAfter how long to wait before another try
     */
    public record Details(Optional<String> type, Optional<String> code, Optional<String> param, Optional<String> requestId, Optional<Duration> retryAfter) {}

    /**
     * With all that the node said.
     *
     * @param status  of HTTP
     * @param message for people
     * @param details the rest
     */
    public NodeErrorException(int status, String message, Details details) {
        super(message, null);
        this.status = status;
        this.details = details;
    }

    /**
     * The HTTP status.
     *
     * @return 400 to 599
     */
    public int status() {
        return status;
    }

    /**
     * The error's type.
     *
     * @return for example {@code invalid_request_error}
     */
    public Optional<String> type() {
        return details.type();
    }

    /**
     * The error's code, by which programs tell errors apart.
     *
     * @return for example {@code model_not_found}
     */
    public Optional<String> code() {
        return details.code();
    }

    /**
     * The request's member at fault.
     *
     * @return for example {@code messages[0].role}
     */
    public Optional<String> param() {
        return details.param();
    }

    /**
     * The node's name for the request, to be told to its operator.
     *
     * @return value of {@code x-request-id}
     */
    public Optional<String> requestId() {
        return details.requestId();
    }

    /**
     * How long the node wants to be left alone.
     *
     * @return of the header {@code retry-after}
     */
    public Optional<Duration> retryAfter() {
        return details.retryAfter();
    }
}
