package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.http.openapi.RouteTable;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.openai.Json;
import dev.candor.settlement.ledger.LedgerException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Turns whatever ended a request into the error of the table; what the table does not know answers fixed text. */
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final Map<Integer, ErrorCode> BY_STATUS = Map.of(
            400, ErrorCode.BAD_REQUEST,
            404, ErrorCode.NOT_FOUND,
            405, ErrorCode.METHOD_NOT_ALLOWED,
            406, ErrorCode.NOT_ACCEPTABLE,
            408, ErrorCode.REQUEST_TIMEOUT,
            413, ErrorCode.BODY_TOO_LARGE,
            414, ErrorCode.URI_TOO_LONG,
            415, ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            431, ErrorCode.HEADERS_TOO_LARGE);

    /** The statuses that the router answers by itself. */
    static final Set<Integer> ROUTER_STATUSES = Set.of(400, 404, 405, 406, 408, 413, 414, 415, 431, 500);

    private final Json json;
    private final RouteTable routes;
    private final NodeMetrics metrics;

    /** @param routes what each path takes */
    Failures(Json json, RouteTable routes, NodeMetrics metrics) {
        this.json = json;
        this.routes = routes;
        this.metrics = metrics;
    }

    Reply reply(Throwable failure, String requestId) {
        ApiException known = known(failure, requestId);
        metrics.error(known.error().code());
        return Reply.json(known.error().status(), known.body(), json).with(known.headers());
    }

    /** In the form of the Open Inference Protocol where {@code path} is one of its paths: {@code error} is the message. */
    Reply reply(Throwable failure, String requestId, String path) {
        return OpenInferenceRoutes.covers(path) ? shaped(reply(failure, requestId)) : reply(failure, requestId);
    }

    private Reply shaped(Reply reply) {
        try {
            ObjectNode error = (ObjectNode) json.object(reply.body()).get("error");
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", error.remove("message").textValue());
            body.setAll(error);
            return new Reply(reply.status(), reply.headers(), json.bytes(body));
        } catch (ApiException e) {
            throw new IllegalStateException("the table's errors are JSON", e);
        }
    }

    /** {@code failure} itself where it is an error of the table; otherwise it is logged and its text kept from the client. */
    ApiException known(Throwable failure, String requestId) {
        if (failure instanceof ApiException known) {
            return known;
        }
        LOG.log(System.Logger.Level.ERROR, "request " + requestId + " failed", failure);
        if (failure instanceof ModelException) {
            return new ApiException(ErrorCode.MODEL_FAILED, "The model failed on this request, and nothing was charged; the operator finds the cause by "
                    + "request id " + requestId + ".");
        }
        if (failure instanceof LedgerException) {
            return new ApiException(ErrorCode.UNAVAILABLE, "The node cannot write its ledger, so nothing was answered or charged; request id "
                    + requestId + ".").retryAfter(Duration.ofSeconds(30));
        }
        return new ApiException(ErrorCode.INTERNAL, "The node failed to answer; the operator finds the cause by request id " + requestId + ".");
    }

    /** For what the router refused by itself. */
    Reply reply(RoutingContext routing) {
        String requestId = Exchange.requestId(routing);
        if (routing.failure() != null && !BY_STATUS.containsKey(routing.statusCode())) {
            return reply(routing.failure(), requestId, routing.request().path());
        }
        String path = routing.request().path();
        ApiException known = routing.statusCode() == ErrorCode.BODY_TOO_LARGE.status()
                ? new ApiException(ErrorCode.BODY_TOO_LARGE, "The body is larger than the " + routes.maxBody(path).orElse(0) + " bytes that " + path + " takes.")
                : byStatus(routing.statusCode(), routing.request().method() + " " + path);
        if (known.error() == ErrorCode.METHOD_NOT_ALLOWED) {
            known.header("allow", String.join(", ", routes.methods(path)) + ", OPTIONS");
        }
        return reply(known, requestId, path);
    }

    /** @param what method and path */
    static ApiException byStatus(int status, String what) {
        ErrorCode code = BY_STATUS.getOrDefault(status, status >= 500 ? ErrorCode.INTERNAL : ErrorCode.BAD_REQUEST);
        String message = switch (code) {
            case NOT_FOUND -> "There is no " + what + ".";
            case METHOD_NOT_ALLOWED -> "This method is not allowed here: " + what + ".";
            case NOT_ACCEPTABLE -> "None of the types in the Accept header can be given.";
            case REQUEST_TIMEOUT -> "The request did not arrive in time.";
            case BODY_TOO_LARGE -> "The body is too large.";
            case URI_TOO_LONG -> "The request line is too long.";
            case UNSUPPORTED_MEDIA_TYPE -> "The body must be sent with Content-Type: application/json.";
            case HEADERS_TOO_LARGE -> "The request's headers are larger than " + HttpApi.MAX_HEADERS + " bytes.";
            case INTERNAL -> "The node failed to answer.";
            default -> "The request is not valid HTTP.";
        };
        return new ApiException(code, message);
    }
}
