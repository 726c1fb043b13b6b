package dev.candor.inference.proxy;

import dev.candor.client.sdk.NodeConnection;
import dev.candor.client.sdk.VerifyingExchange;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A local OpenAI-compatible server that pays for and verifies every answer of a node before it passes it on, and fails
 * closed: an answer whose receipt does not verify becomes an error.
 */
public final class VerifyingProxy implements AutoCloseable {
    private static final String REPLAY = "v1/replay";
    private static final List<String> ANSWERED = List.of(
            "v1/chat/completions", "v1/completions", "v1/responses", "v1/embeddings", "v1/classify", "v1/rerank", REPLAY);
    /** What is free and has no receipt. */
    private static final List<String> TOLD = List.of("tokenize", "detokenize", "v1/responses/input_tokens", "v1/chat/completions/input_tokens");
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_REPLAY_BODY = 8 << 20;
    private static final int MAX_HEADERS = 32 << 10;
    private static final int MAX_CONCURRENT = 64;
    private static final long CLOSE_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(MAX_CONCURRENT);
    private final VerifyingExchange exchange;
    private final NodeConnection node;
    private final HttpServer server;

    private VerifyingProxy(VerifyingExchange exchange, NodeConnection node) {
        this.exchange = exchange;
        this.node = node;
        this.server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(MAX_HEADERS)).requestHandler(router());
    }

    /**
     * Starts listening.
     *
     * @param port 0 for any free port
     * @throws java.net.BindException if the port is in use
     */
    public static VerifyingProxy start(VerifyingExchange exchange, NodeConnection node, String host, int port)
            throws Exception {
        VerifyingProxy proxy = new VerifyingProxy(exchange, node);
        try {
            proxy.server.listen(port, host).toCompletionStage().toCompletableFuture().get();
            return proxy;
        } catch (ExecutionException e) {
            proxy.close();
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(VerifyingProxy::identify);
        router.route().handler(new SameMachine());
        for (String path : ANSWERED) {
            router.post("/" + path).handler(BodyHandler.create(false).setBodyLimit(path.equals(REPLAY) ? MAX_REPLAY_BODY : MAX_BODY)).handler(context ->
                    work(context, () -> new ProxiedExchange(exchange, context, path).run()));
        }
        for (String path : TOLD) {
            router.post("/" + path).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY)).handler(this::passOn);
        }
        router.route().method(HttpMethod.GET).handler(this::passOn);
        router.delete("/v1/responses/:id").handler(this::passOn);
        router.post("/v1/responses/:id/cancel").handler(this::passOn);
        router.route().handler(context -> ProxyErrors.send(
                context,
                new ApiException(
                        ErrorCode.NOT_FOUND,
                        "The proxy passes on POST /" + String.join(", /", ANSWERED) + ", whose answers it can verify, POST /" + String.join(", /", TOLD)
                                + ", reads (GET), and the deletion of a response; "
                                + context.request().method() + " " + context.request().path() + " is neither.")));
        router.route().failureHandler(ProxyErrors::failed);
        return router;
    }

    private void passOn(RoutingContext context) {
        work(context, () -> new ProxiedCall(node, context).run());
    }

    /** Clients show the id of a request they tell somebody of, and what time it took; what the node says of either is told instead. */
    private static void identify(RoutingContext context) {
        long begin = System.nanoTime();
        context.addHeadersEndHandler(ignored -> {
            if (!context.response().headers().contains(NodeHeaders.PROCESSING)) {
                context.response().putHeader(NodeHeaders.PROCESSING, Long.toString(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
            }
        });
        context.response().putHeader("x-request-id", "proxy-" + UUID.randomUUID());
        context.next();
    }

    private void work(RoutingContext context, Runnable task) {
        if (!places.tryAcquire()) {
            ProxyErrors.send(
                    context,
                    new ApiException(ErrorCode.QUEUE_FULL, "The proxy has " + MAX_CONCURRENT + " requests at work; try again in a second."));
            return;
        }
        workers.execute(() -> {
            try {
                task.run();
            } finally {
                places.release();
            }
        });
    }

    @Override
    public void close() {
        server.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS).toCompletionStage().toCompletableFuture().exceptionally(failure -> null).join();
        workers.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().exceptionally(failure -> null).join();
    }
}
