package dev.candor.inference.http;

/** The paths of the Open Inference Protocol, version 2. Model names have a slash, so that paths end in what is to be done with the model. */
final class OpenInferenceRoutes {
    static final String PREFIX = "/v2";
    static final String MODELS = "/v2/models/";
    static final String REPOSITORY = "/v2/repository/models/";
    private static final int MAX_SMALL_BODY = 64 * 1024;

    private final ApiRouter.Intake tensors;
    private final ApiRouter.Intake small;

    /** @param maxBody bytes of a request with tensors */
    OpenInferenceRoutes(RequestBounds bounds, int maxBody) {
        this.tensors = new ApiRouter.Intake(bounds, maxBody);
        this.small = new ApiRouter.Intake(bounds, MAX_SMALL_BODY);
    }

    /** Whether errors of {@code path} have the protocol's form. */
    static boolean covers(String path) {
        return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
    }

    void mount(ApiRouter api, OpenInferenceHandler models, InferHandler infer, RepositoryHandler repository) {
        api.get("/v2", "getServer").run(models::server);
        api.get("/v2/health/live", "getServerLiveness").run(models::live);
        api.get("/v2/health/ready", "getServerReadiness").run(models::ready);
        api.post("/v2/models/{model*}/versions/{version}/infer", "infer:version").identified().bytes(tensors).run(infer);
        api.post("/v2/models/{model*}/infer", "infer").identified().bytes(tensors).run(infer);
        api.get("/v2/models/{model*}/versions/{version}/ready", "getModelReadiness:version").run(models::model);
        api.get("/v2/models/{model*}/versions/{version}", "getModelMetadata:version").run(models::model);
        api.get("/v2/models/{model*}/ready", "getModelReadiness").run(models::model);
        api.get("/v2/models/{model*}", "getModelMetadata").run(models::model);
        api.post("/v2/repository/index", "listRepository").bytes(small).run(repository::index);
        api.post("/v2/repository/models/{model*}/load", "loadModel").bytes(small).run(repository::change);
        api.post("/v2/repository/models/{model*}/unload", "unloadModel").bytes(small).run(repository::change);
    }
}
