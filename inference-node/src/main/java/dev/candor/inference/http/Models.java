package dev.candor.inference.http;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models a node serves, found by {@code publisher/name@version}, {@code publisher/name} or {@code name}. Immutable. */
public final class Models {
    private final List<ServedModel> served;
    private final Map<String, ServedModel> byName = new LinkedHashMap<>();

    public Models(List<ServedModel> served) {
        this.served = List.copyOf(served);
        for (ServedModel model : served) {
            String full = model.binding().name();
            String unversioned = full.replaceFirst("@[^@]*$", "");
            byName.put(full, model);
            byName.putIfAbsent(unversioned, model);
            byName.putIfAbsent(unversioned.substring(unversioned.indexOf('/') + 1), model);
        }
    }

    public List<ServedModel> all() {
        return served;
    }

    /** @throws ApiException if there is no such model */
    public ServedModel find(String name) throws ApiException {
        ServedModel model = byName.get(name);
        if (model == null) {
            throw new ApiException(ErrorCode.MODEL_NOT_FOUND, "The model '" + name + "' is not served here; this node has "
                    + String.join(", ", served.stream().map(each -> each.binding().name()).toList()) + ".", "model");
        }
        return model;
    }
}
