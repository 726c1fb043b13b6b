package dev.candor.inference.http.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A route of the node together with its description: there is none without.
 *
 * @param method      in capitals
 * @param operation   its id, one for each route
 * @param maxBody     bytes of a body, where it takes one
 * @param jsonOnly    whether the body must be said to be JSON
 * @param identified  whether its callers are told apart, and limited
 * @param description an OpenAPI Operation Object without what follows from the rest
 */
public record ApiRoute(
        String method, PathTemplate path, String operation, OptionalInt maxBody, boolean jsonOnly, boolean identified, ObjectNode description) {

    /**
     * A route that takes no body.
     *
     * @param name of the description; routes that differ in little more than their path share one, as {@code name:variant}
     * @throws IllegalStateException if there is no such description
     */
    public static ApiRoute of(String method, String path, String name) {
        String[] parts = name.split(":", 2);
        String variant = parts.length == 1 ? "" : parts[1].substring(0, 1).toUpperCase(Locale.ROOT) + parts[1].substring(1);
        return new ApiRoute(
                method, new PathTemplate(path), parts[0] + variant, OptionalInt.empty(), false, false, Descriptions.operation(parts[0]));
    }

    public ApiRoute takingJson(int bytes) {
        return new ApiRoute(method, path, operation, OptionalInt.of(bytes), true, identified, description);
    }

    public ApiRoute takingBytes(int bytes) {
        return new ApiRoute(method, path, operation, OptionalInt.of(bytes), false, identified, description);
    }

    public ApiRoute withCallers() {
        return new ApiRoute(method, path, operation, maxBody, jsonOnly, true, description);
    }
}
