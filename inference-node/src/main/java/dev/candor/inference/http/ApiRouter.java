package dev.candor.inference.http;

import dev.candor.inference.http.openapi.ApiRoute;
import dev.candor.inference.http.openapi.RouteTable;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Puts routes into the router and, each with its description, into the table of which the node's document is made. */
final class ApiRouter {
    private final Router router;
    private final RouteTable table;
    private final Workers workers;
    private final ClientGuard guard;

    ApiRouter(Router router, RouteTable table, Workers workers, ClientGuard guard) {
        this.router = router;
        this.table = table;
        this.workers = workers;
        this.guard = guard;
    }

    /**
     * How bodies come in.
     *
     * @param bounds shared by all bodies of the kind
     * @param max    bytes of one
     */
    record Intake(RequestBounds bounds, int max) {}

    Mount get(String path, String description) {
        return new Mount(ApiRoute.of("GET", path, description));
    }

    /** A path whose GET is also answered without its body. */
    void getOrHead(String path, String description, Consumer<Mount> mounting) {
        mounting.accept(get(path, description));
        mounting.accept(new Mount(ApiRoute.of("HEAD", path, description + ":head")));
    }

    Mount post(String path, String description) {
        return new Mount(ApiRoute.of("POST", path, description));
    }

    Mount delete(String path, String description) {
        return new Mount(ApiRoute.of("DELETE", path, description));
    }

    /** Adds the next route: what comes before its handler, in the order of the calls. */
    final class Mount {
        private final List<Handler<RoutingContext>> before = new ArrayList<>();
        private ApiRoute route;

        private Mount(ApiRoute route) {
            this.route = route;
        }

        /** Tells callers apart, for their limits. */
        Mount identified() {
            route = route.withCallers();
            before.add(guard.identify());
            return this;
        }

        /** Takes a body that is said to be JSON. */
        Mount json(Intake intake) {
            route = route.takingJson(intake.max());
            before.add(intake.bounds().requireJson());
            return body(intake);
        }

        /** Takes any body. */
        Mount bytes(Intake intake) {
            route = route.takingBytes(intake.max());
            return body(intake);
        }

        private Mount body(Intake intake) {
            before.add(intake.bounds().budgetBody(intake.max()));
            before.add(intake.bounds().hurryBody());
            before.add(BodyHandler.create(false).setBodyLimit(intake.max()));
            return this;
        }

        /** A handler that blocks. */
        void run(Workers.Blocking handler) {
            mount(workers.run(handler));
        }

        /** A handler that does not. */
        void runAtOnce(Consumer<Exchange> handler) {
            mount(routing -> handler.accept(new Exchange(routing)));
        }

        private void mount(Handler<RoutingContext> last) {
            table.add(route);
            before.forEach(handler -> newRoute().handler(handler));
            newRoute().handler(last);
        }

        private Route newRoute() {
            HttpMethod method = HttpMethod.valueOf(route.method());
            String text = route.path().text();
            if (!text.contains("*}")) {
                return router.route(method, text.replaceAll("\\{([a-z_]+)}", ":$1"));
            }
            boolean restOnly = route.path().open() && text.indexOf('{') == text.lastIndexOf('{');
            return restOnly
                    ? router.route(method, text.substring(0, text.indexOf('{')) + "*")
                    : router.routeWithRegex(method, route.path().expression());
        }
    }
}
