package dev.candor.inference.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The paths of the Open Inference Protocol, version 2. Model names have a slash, so that paths end in what is to be done with the model. */
final class OpenInferenceRoutes {
    static final String PREFIX = "/v2";
    static final String MODELS = "/v2/models/";
    static final String REPOSITORY = "/v2/repository/models/";
    private static final String INFER = "/v2/models/.+/infer";
    private static final String CHANGE = "/v2/repository/models/.+/(?:load|unload)";
    private static final String INDEX = "/v2/repository/index";
    private static final Pattern POSTS = Pattern.compile(INFER + "|" + CHANGE + "|" + INDEX);
    private static final int MAX_SMALL_BODY = 64 * 1024;

    private final Workers workers;
    private final ClientGuard guard;
    private final RequestBounds bounds;
    private final int maxBody;

    /** @param maxBody bytes of a request with tensors */
    OpenInferenceRoutes(Workers workers, ClientGuard guard, RequestBounds bounds, int maxBody) {
        this.workers = workers;
        this.guard = guard;
        this.bounds = bounds;
        this.maxBody = maxBody;
    }

    /** Whether errors of {@code path} have the protocol's form. */
    static boolean covers(String path) {
        return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
    }

    /** Whether {@code path} is one to POST to. */
    static boolean takesPosts(String path) {
        return POSTS.matcher(path).matches();
    }

    /** Bytes of a request body for {@code path}, where that is one of the protocol's. */
    static OptionalInt maxBody(String path, int maxTensors) {
        if (!covers(path)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(path.endsWith("/infer") ? maxTensors : MAX_SMALL_BODY);
    }

    void mount(Router router, OpenInferenceHandler models, InferHandler infer, RepositoryHandler repository) {
        router.get("/v2").handler(workers.run(models::server));
        router.get("/v2/health/live").handler(workers.run(models::live));
        router.get("/v2/health/ready").handler(workers.run(models::ready));
        router.postWithRegex(INFER).handler(guard.identify());
        body(router, INFER, maxBody);
        router.postWithRegex(INFER).handler(workers.run(infer));
        router.getWithRegex("/v2/models/.+").handler(workers.run(models::model));
        body(router, INDEX, MAX_SMALL_BODY);
        router.postWithRegex(INDEX).handler(workers.run(repository::index));
        body(router, CHANGE, MAX_SMALL_BODY);
        router.postWithRegex(CHANGE).handler(workers.run(repository::change));
    }

    private void body(Router router, String path, int limit) {
        router.postWithRegex(path).handler(bounds.budgetBody(limit));
        router.postWithRegex(path).handler(bounds.hurryBody());
        router.postWithRegex(path).handler(BodyHandler.create(false).setBodyLimit(limit));
    }
}
