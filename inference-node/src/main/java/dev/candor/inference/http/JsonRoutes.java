package dev.candor.inference.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * Puts paths that take JSON by POST into the router.
 *
 * @param maxBody bytes of a request's body
 */
record JsonRoutes(Workers workers, ClientGuard guard, RequestBounds bounds, int maxBody) {
    void post(Router router, String path, Workers.Blocking handler) {
        router.post(path).handler(guard.identify());
        router.post(path).handler(bounds.requireJson());
        router.post(path).handler(bounds.budgetBody(maxBody));
        router.post(path).handler(bounds.hurryBody());
        router.post(path).handler(BodyHandler.create(false).setBodyLimit(maxBody));
        router.post(path).handler(workers.run(handler));
    }
}
