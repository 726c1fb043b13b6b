package dev.candor.inference.node;

import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.http.LoadedModel;
import dev.candor.inference.http.ModelControl;
import dev.candor.inference.http.Models;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads and unloads the models that the node was started with, one change of a model at a time. */
final class ModelSwitch implements ModelControl {
    private static final System.Logger LOG = System.getLogger(ModelSwitch.class.getName());

    /** Opens a model that was verified. */
    interface Opener {
        LoadedModel open(VerifiedModel model) throws IOException, StartException;
    }

    private final Map<String, VerifiedModel> known = new LinkedHashMap<>();
    private final Map<String, Entry> changing = new LinkedHashMap<>();
    private final Models served;
    private final Opener opener;
    private final NodeMetrics metrics;

    ModelSwitch(List<VerifiedModel> known, Models served, Opener opener, NodeMetrics metrics) {
        known.forEach(model -> this.known.put(model.manifest().name(), model));
        this.served = served;
        this.opener = opener;
        this.metrics = metrics;
    }

    @Override
    public synchronized List<Entry> index() {
        List<Entry> entries = new ArrayList<>();
        for (String name : known.keySet()) {
            Entry entry = changing.get(name);
            Entry unloaded = entry == null ? new Entry(name, State.UNAVAILABLE, "unloaded") : entry;
            entries.add(loaded(name).map(ModelSwitch::ready).orElse(unloaded));
        }
        return entries;
    }

    private static Entry ready(LoadedModel model) {
        String name = model.binding().name();
        return model.engine().healthy()
                ? new Entry(name, State.READY, "")
                : new Entry(name, State.UNAVAILABLE, "the engine has stopped: unload the model and load it again");
    }

    private Optional<LoadedModel> loaded(String name) {
        return served.all().stream().filter(model -> model.binding().name().equals(name)).findFirst();
    }

    @Override
    public void load(String name) throws ApiException {
        Optional<VerifiedModel> begun = begin(name, State.LOADING);
        if (begun.isEmpty()) {
            return;
        }
        String full = begun.get().manifest().name();
        String reason = "it could not be loaded";
        try {
            served.requireOpen();
            LoadedModel model = opener.open(begun.get());
            try {
                served.add(model);
            } catch (IllegalStateException e) {
                model.close();
                throw e;
            }
            metrics.watchEngine(full, model.engine());
            reason = "";
        } catch (IOException | StartException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the model " + full + " could not be loaded: " + e.getMessage(), e instanceof RuntimeException ? e : null);
            reason = String.valueOf(e.getMessage());
            throw new ApiException(ErrorCode.MODEL_UNAVAILABLE, "The model " + full + " could not be loaded: " + e.getMessage() + ".");
        } finally {
            ended(full, reason);
        }
    }

    @Override
    public void unload(String name) throws ApiException {
        String full = begin(name, State.UNLOADING).orElseThrow().manifest().name();
        try {
            served.remove(full).ifPresent(LoadedModel::close);
            metrics.forgetEngine(full);
        } finally {
            ended(full, "unloaded");
        }
    }

    /** The model, now marked as being changed; empty where it is loaded already and is to be. */
    private synchronized Optional<VerifiedModel> begin(String name, State state) throws ApiException {
        VerifiedModel model = find(name);
        String full = model.manifest().name();
        Entry before = changing.get(full);
        if (before != null && before.state() != State.UNAVAILABLE) {
            throw new ApiException(ErrorCode.MODEL_BUSY, "The model " + full + " is being " + (before.state() == State.LOADING ? "loaded" : "unloaded")
                    + " already.");
        }
        boolean loaded = loaded(full).isPresent();
        if (state == State.UNLOADING && !loaded) {
            throw new ApiException(ErrorCode.MODEL_NOT_FOUND, "The model " + full + " is not loaded.", "model");
        }
        if (state == State.LOADING && loaded) {
            return Optional.empty();
        }
        changing.put(full, new Entry(full, state, ""));
        return Optional.of(model);
    }

    private synchronized void ended(String full, String reason) {
        changing.put(full, new Entry(full, State.UNAVAILABLE, reason));
    }

    private VerifiedModel find(String name) throws ApiException {
        for (Map.Entry<String, VerifiedModel> entry : known.entrySet()) {
            if (ModelName.spellings(entry.getKey()).contains(name)) {
                return entry.getValue();
            }
        }
        throw new ApiException(ErrorCode.MODEL_NOT_FOUND, "The node has no model '" + name + "'; it has " + String.join(", ", known.keySet()) + ".", "model");
    }
}
