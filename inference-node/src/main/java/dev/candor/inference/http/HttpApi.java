package dev.candor.inference.http;

import dev.candor.inference.config.Listen;
import dev.candor.inference.http.openapi.RouteTable;
import dev.candor.inference.openai.Json;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The node's HTTP server; its router reads as a request's way. */
public final class HttpApi implements AutoCloseable {
    /** Bytes that all headers of a request may take together; several x402 extensions fit. */
    public static final int MAX_HEADERS = 32 * 1024;
    /** Bytes that the bodies of all requests at work may take together; as many again, and at least four bodies, where they are tensors. */
    private static final long MAX_BODIES = 256L * 1024 * 1024;
    /** As many bytes for saved receipts that are to be replayed: read, one takes several times its length. */
    private static final long REPLAY_BODIES = 32L * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 2048;
    /** How long the first headers of a connection, and then each body, may take to arrive. */
    private static final Duration ARRIVAL = Duration.ofSeconds(30);
    static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";
    static final String COMPLETIONS = "/v1/completions";
    static final String REPLAY = "/v1/replay";
    static final String EMBEDDINGS = "/v1/embeddings";
    static final String CLASSIFY = "/v1/classify";
    static final String RERANK = "/v1/rerank";
    private static final int IDLE_SECONDS = 600;
    private static final int FLUSH_SECONDS = 2;
    private static final Set<String> EXPOSED_HEADERS = Stream.concat(RateLimitHeaders.NAMES.stream(), Stream.of(
            "PAYMENT-REQUIRED", "PAYMENT-RESPONSE", "X-PAYMENT-RESPONSE", "Candor-Receipt-Id", "Candor-Receipt", "Candor-Payment-Id",
            "Inference-Header-Content-Length", "x-request-id", "openai-processing-ms", "retry-after", "retry-after-ms", "x-should-retry"))
            .collect(Collectors.toUnmodifiableSet());

    private final Vertx vertx;
    private final HttpServer server;
    private final Workers workers;
    private final Admission admission;
    private final Prompts prompts;
    private final Duration drain;

    private HttpApi(Vertx vertx, HttpServer server, Workers workers, Prompts prompts, Admission admission, Duration drain) {
        this.vertx = vertx;
        this.server = server;
        this.workers = workers;
        this.prompts = prompts;
        this.admission = admission;
        this.drain = drain;
    }

    /**
     * Starts to listen.
     *
     * @param vertx   is closed with the server, or when it cannot start
     * @throws IOException if it cannot, with what to do
     */
    public static HttpApi start(Vertx vertx, Listen listen, HttpServices services) throws IOException {
        RouteTable table = new RouteTable();
        Failures failures = new Failures(services.json(), table, services.metrics());
        Workers workers = new Workers(services.limits().maxInFlight(), failures);
        Prompts prompts = new Prompts(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        Connections connections = new Connections(vertx, MAX_CONNECTIONS, ARRIVAL);
        HttpServer server = vertx.createHttpServer(options(listen))
                .connectionHandler(connections::accept)
                .requestHandler(connections.noting(router(vertx, services, table, failures, workers, prompts)))
                .invalidRequestHandler(request -> refuse(request, failures));
        try {
            server.listen(listen.port(), listen.host()).toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            workers.close();
            prompts.close();
            vertx.close();
            throw new IOException(cannotListen(listen, e.getCause()), e.getCause());
        }
        return new HttpApi(vertx, server, workers, prompts, services.admission(), services.limits().drain());
    }

    /** The port it listens on. */
    public int port() {
        return server.actualPort();
    }

    private static Router router(
            Vertx vertx, HttpServices services, RouteTable table, Failures failures, Workers workers, Prompts prompts) {
        RequestBounds bounds = bounds(services, services.limits().maxBody(), MAX_BODIES);
        Json json = services.json();
        ModelsHandler models = new ModelsHandler(services.models(), services.prices(), services.facilitator(), json);
        ReceiptsHandler receipts = new ReceiptsHandler(services.ledger(), services.log(), services.anchors(), json);
        AttestationHandler attestation = new AttestationHandler(services.attestations(), services.identity().evidence().cpu());
        LogHandler log = new LogHandler(services.log());
        X402Handler x402 = new X402Handler(services.facilitator(), services.ledger(), json);
        HealthHandler health = new HealthHandler(services.probe(), services.metrics(), json);

        Router router = Router.router(vertx);
        router.route().handler(bounds.identify());
        router.route("/node/*").handler(bounds.ownerOnly());
        router.routeWithRegex("/(?!node/).*").handler(cors());
        ApiRouter api = new ApiRouter(router, table, workers, services.guard());
        ApiRouter.Intake body = new ApiRouter.Intake(bounds, services.limits().maxBody());
        api.post(CHAT, "createChatCompletion").identified().json(body).run(services.chatHandler(prompts, failures));
        api.post(COMPLETIONS, "createCompletion").identified().json(body).run(services.completionHandler(prompts, failures));
        api.post(RESPONSES, "createResponse").identified().json(body).run(services.responseHandler(prompts, failures));
        new ResponsesHandler(services.responses(), json).mount(api);
        api.post(EMBEDDINGS, "createEmbedding").identified().json(body).run(services.embeddingHandler(prompts));
        api.post(CLASSIFY, "classify").identified().json(body).run(services.classifyHandler(prompts));
        api.post(RERANK, "rerank").identified().json(body).run(services.rerankHandler(prompts));
        services.tokensHandler(prompts).mount(api, body);
        int bundle = services.limits().maxReplayBody();
        ApiRouter.Intake bundles = new ApiRouter.Intake(bounds(services, bundle, REPLAY_BODIES), bundle);
        api.post(REPLAY, "replay").identified().json(bundles).run(services.replayHandler(prompts));
        api.get("/v1/models", "listModels").run(models::list);
        api.get("/v1/models/{model*}", "getModel").run(models::one);
        new OpenInferenceRoutes(tensorBounds(services), services.limits().maxTensorBody()).mount(
                api,
                new OpenInferenceHandler(services.models(), services.probe(), services.identity().version(), json),
                services.inferHandler(),
                new RepositoryHandler(services.control(), services.operator(), json));
        api.get("/v1/receipts/{id}", "getReceipt").run(receipts::receipt);
        api.get("/v1/receipts/{id}/proof", "getReceiptProof").run(receipts::proof);
        api.get("/v1/receipts/{id}/anchor", "getReceiptAnchor").run(receipts::anchor);
        api.get("/v1/attestation", "getAttestation").run(attestation::current);
        api.get("/v1/attestation/{digest}", "getAttestation:byDigest").run(attestation::byDigest);
        api.get("/log/{file*}", "getLogFile").run(log::file);
        api.get("/x402/supported", "getPaymentKinds").run(x402::supported);
        api.get("/x402/payments/{id}", "getPayment").run(x402::payment);
        api.getOrHead("/livez", "getLiveness", mount -> mount.runAtOnce(health::live));
        api.getOrHead("/readyz", "getReadiness", mount -> mount.run(health::ready));
        api.get("/metrics", "getMetrics").run(health::metrics);
        api.get("/node/status", "getNodeStatus").run(health::status);
        DocumentHandler documents = new DocumentHandler(table, services.identity().version(), json);
        api.get("/openapi.json", "getApiDocument").runAtOnce(documents::document);
        api.get("/docs", "getApiPage").runAtOnce(documents::page);
        documents.make();

        router.route().failureHandler(routing -> new Exchange(routing).send(failures.reply(routing)));
        for (int status : Failures.ROUTER_STATUSES) {
            router.errorHandler(status, routing -> new Exchange(routing).send(failures.reply(routing)));
        }
        return router;
    }

    /** Of their own, so that a few large bodies that do not arrive keep nobody from chatting. */
    private static RequestBounds tensorBounds(HttpServices services) {
        int one = services.limits().maxTensorBody();
        return bounds(services, one, Math.max(MAX_BODIES, 4L * one));
    }

    private static RequestBounds bounds(HttpServices services, int one, long all) {
        return new RequestBounds(services.random(), Math.max(all, one), ARRIVAL);
    }

    /** Any origin and any header (those asked for are allowed): browsers pay too, and the node knows no cookies. */
    private static Handler<RoutingContext> cors() {
        return CorsHandler.create()
                .addOriginWithRegex(".*")
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE, HttpMethod.OPTIONS))
                .exposedHeaders(EXPOSED_HEADERS)
                .maxAgeSeconds((int) Duration.ofDays(1).toSeconds());
    }

    /** Without HTTP/2 in clear text, whose detection would keep a silent connection from being counted. */
    static HttpServerOptions options(Listen listen) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(MAX_HEADERS)
                .setCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setTcpNoDelay(true)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        listen.tls().ifPresent(tls -> options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions().setCertPath(tls.certificate().toString()).setKeyPath(tls.key().toString())));
        return options;
    }

    /** What is not even HTTP never reaches the router. */
    private static void refuse(HttpServerRequest request, Failures failures) {
        Throwable cause = request.decoderResult().cause();
        String name = cause == null ? "" : cause.getClass().getSimpleName();
        int status = name.contains("TooLongHttpHeader") ? 431 : name.contains("TooLongHttpLine") ? 414 : 400;
        Reply reply = failures.reply(Failures.byStatus(status, ""), "unknown");
        request.response().setStatusCode(reply.status());
        reply.headers().forEach(request.response()::putHeader);
        request.response().putHeader("connection", "close").end(Buffer.buffer(reply.body()))
                .onComplete(done -> request.connection().close());
    }

    private static String cannotListen(Listen listen, Throwable cause) {
        if (cause instanceof BindException) {
            return "port " + listen.port() + " on " + listen.host() + " is in use or not allowed: stop what uses it, or give another --port";
        }
        return "cannot listen on " + listen.host() + ":" + listen.port() + ": " + cause.getMessage();
    }

    /**
     * Refuses new requests, waits for answers at work, cuts short those that take longer than the drain (what they
     * produced is still delivered with its receipt), and closes all connections.
     */
    @Override
    public void close() {
        admission.close();
        if (!workers.await(drain)) {
            admission.cancelAll();
            workers.await(drain);
        }
        workers.close();
        prompts.close();
        server.shutdown(FLUSH_SECONDS, TimeUnit.SECONDS).toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
