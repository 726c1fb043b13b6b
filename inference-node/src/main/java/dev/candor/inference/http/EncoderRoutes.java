package dev.candor.inference.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;

/** Puts the paths of encoder models into the router. */
record EncoderRoutes(Workers workers, RequestBounds bounds, int maxBody) {
    void mount(Router router, Map<String, EncoderHandler> handlers) {
        Handler<RoutingContext> body = BodyHandler.create(false).setBodyLimit(maxBody);
        handlers.forEach((path, handler) -> {
            router.post(path).handler(bounds.requireJson());
            router.post(path).handler(bounds.budgetBody());
            router.post(path).handler(bounds.hurryBody());
            router.post(path).handler(body);
            router.post(path).handler(workers.run(handler));
        });
    }
}
