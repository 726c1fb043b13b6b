package dev.candor.inference.openinference;

import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a path names: model names have a slash, which may come as it is or percent-encoded.
 *
 * @param model  {@code publisher/name}, {@code name}, either with {@code @version} where one is given
 * @param action the path's last segment, such as {@code infer}; empty for the model itself
 */
public record ModelPath(String model, String action) {
    private static final String VERSIONS = "/versions/";

    /**
     * Reads a path.
     *
     * @param rest    the path behind its prefix, as the client wrote it
     * @param actions last segments that are no part of a name
     */
    public static ModelPath parse(String rest, String... actions) throws ApiException {
        String name = rest;
        String found = "";
        for (String action : actions) {
            if (rest.endsWith("/" + action)) {
                found = action;
                name = rest.substring(0, rest.length() - action.length() - 1);
            }
        }
        Optional<String> version = Optional.empty();
        int at = name.lastIndexOf(VERSIONS);
        if (at > 0) {
            version = Optional.of(decode(name.substring(at + VERSIONS.length())));
            name = name.substring(0, at);
        }
        String model = decode(name);
        return new ModelPath(version.isPresent() && !model.contains("@") ? model + "@" + version.get() : model, found);
    }

    private static String decode(String encoded) throws ApiException {
        try {
            // A plus stands for itself in a path.
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "The path is not properly percent-encoded.");
        }
    }
}
