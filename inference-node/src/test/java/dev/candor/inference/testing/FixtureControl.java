package dev.candor.inference.testing;

import dev.candor.inference.http.LoadedModel;
import dev.candor.inference.http.ModelControl;
import dev.candor.inference.http.Models;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Loads what a test says can be loaded. */
public final class FixtureControl implements ModelControl {
    private final Models models;
    private final Map<String, Supplier<LoadedModel>> loadable = new ConcurrentHashMap<>();

    FixtureControl(Models models) {
        this.models = models;
    }

    /** Lets {@code model} be loaded under its full name. */
    public void offer(String name, Supplier<LoadedModel> model) {
        loadable.put(name, model);
    }

    @Override
    public List<Entry> index() {
        List<Entry> entries = new ArrayList<>();
        models.all().forEach(model -> entries.add(new Entry(model.binding().name(), State.READY, "")));
        loadable.keySet().stream()
                .filter(name -> models.all().stream().noneMatch(model -> model.binding().name().equals(name)))
                .forEach(name -> entries.add(new Entry(name, State.UNAVAILABLE, "unloaded")));
        return entries;
    }

    @Override
    public void load(String name) throws ApiException {
        String full = full(name);
        if (models.all().stream().noneMatch(model -> model.binding().name().equals(full))) {
            models.add(loadable.get(full).get());
        }
    }

    @Override
    public void unload(String name) throws ApiException {
        models.remove(full(name)).orElseThrow(() -> new ApiException(ErrorCode.MODEL_NOT_FOUND, "not loaded")).close();
    }

    private String full(String name) throws ApiException {
        return loadable.keySet().stream().filter(each -> each.equals(name) || each.startsWith(name + "@")).findFirst()
                .orElseThrow(() -> new ApiException(ErrorCode.MODEL_NOT_FOUND, "The node has no model '" + name + "'.", "model"));
    }
}
