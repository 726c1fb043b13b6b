package dev.candor.inference.http;

import dev.candor.hub.manifest.ModelName;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The models a node serves, found by {@code publisher/name} or {@code name}, either with {@code @version} or without. It owns them. Thread-safe.
 */
public final class Models implements AutoCloseable {
    /** Models that may be loaded at once. */
    public static final int MAX_MODELS = 64;

    private volatile Served served = new Served(List.of(), Map.of());
    private volatile boolean closed;
    private volatile List<String> known = List.of();

    private record Served(List<LoadedModel> all, Map<String, LoadedModel> byName) {
        static Served of(List<LoadedModel> all) {
            Map<String, LoadedModel> byName = new LinkedHashMap<>();
            for (LoadedModel model : all) {
                byName.put(model.binding().name(), model);
            }
            for (LoadedModel model : all) {
                ModelName.spellings(model.binding().name()).forEach(name -> byName.putIfAbsent(name, model));
            }
            return new Served(List.copyOf(all), Map.copyOf(byName));
        }
    }

    public Models() {}

    public Models(List<? extends LoadedModel> served) {
        served.forEach(this::add);
    }

    /** Names in full the models that can be loaded, so that one which is not is told apart from one that never was. */
    public void know(List<String> names) {
        known = List.copyOf(names);
    }

    /**
     * Serves one more model.
     *
     * @throws IllegalStateException if one of its full name is served, there are {@value #MAX_MODELS}, or these were closed; it stays the
     *                               caller's then
     */
    public synchronized void add(LoadedModel model) {
        requireOpen();
        String name = model.binding().name();
        if (served.all().stream().anyMatch(each -> each.binding().name().equals(name))) {
            throw new IllegalStateException("the model " + name + " is loaded already");
        }
        if (served.all().size() == MAX_MODELS) {
            throw new IllegalStateException(MAX_MODELS + " models are loaded, which is the most: unload one first");
        }
        List<LoadedModel> more = new ArrayList<>(served.all());
        more.add(model);
        served = Served.of(more);
    }

    /** @throws IllegalStateException once these were closed: no model can be added any more */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the node is stopping");
        }
    }

    /** Serves the model of that full name no longer; the caller closes it. */
    public synchronized Optional<LoadedModel> remove(String name) {
        Optional<LoadedModel> found = served.all().stream().filter(model -> model.binding().name().equals(name)).findFirst();
        found.ifPresent(model -> served = Served.of(served.all().stream().filter(each -> each != model).toList()));
        return found;
    }

    /** In the order in which they were added. */
    public List<LoadedModel> all() {
        return served.all();
    }

    /** The full name of one whose engine has died, if there is one. */
    public Optional<String> dead() {
        return all().stream().filter(model -> !model.engine().healthy()).map(model -> model.binding().name()).findFirst();
    }

    /** @throws ApiException if there is no such model */
    public LoadedModel find(String name) throws ApiException {
        Served now = served;
        LoadedModel model = now.byName().get(name);
        if (model == null) {
            Optional<String> unloaded = known.stream().filter(each -> ModelName.spellings(each).contains(name)).findFirst();
            if (unloaded.isPresent()) {
                throw new ApiException(ErrorCode.MODEL_NOT_LOADED, "This node has the model '" + unloaded.get() + "', but it is not loaded: its operator loads "
                        + "it by POST " + OpenInferenceRoutes.REPOSITORY + unloaded.get() + "/load with the token in the file operator.token.", "model");
            }
            throw new ApiException(ErrorCode.MODEL_NOT_FOUND, "The model '" + name + "' is not served here; this node has "
                    + now.all().stream().map(each -> each.binding().name()).collect(Collectors.joining(", ")) + ".", "model");
        }
        return model;
    }

    /** @throws ApiException if there is no such model, or it is of another kind; then with the route that is right */
    public <M extends LoadedModel> M find(String name, Class<M> kind) throws ApiException {
        LoadedModel model = find(name);
        if (!kind.isInstance(model)) {
            throw wrongRoute(model);
        }
        return kind.cast(model);
    }

    /** The refusal of a request that is none for {@code model}, with the route that is right. */
    static ApiException wrongRoute(LoadedModel model) {
        return new ApiException(ErrorCode.MODEL_NOT_SUPPORTED, "The model '" + model.binding().name() + "' is no model for this route: its task is "
                + model.task() + ", so send its requests to " + model.route() + ".", "model");
    }

    /** Closes all models, and takes no more. */
    @Override
    public void close() {
        List<LoadedModel> all;
        synchronized (this) {
            closed = true;
            all = served.all();
            served = Served.of(List.of());
        }
        all.reversed().forEach(LoadedModel::close);
    }
}
