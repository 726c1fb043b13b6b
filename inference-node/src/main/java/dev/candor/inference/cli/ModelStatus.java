package dev.candor.inference.cli;

import static dev.candor.inference.cli.StatusCommand.line;
import static dev.candor.inference.cli.StatusCommand.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** The lines of {@code candor status} about the models: what they are, their memory, their load. */
record ModelStatus(PrintWriter out) {
    private static final int MIB_BITS = 20;

    /** @param status as {@code GET /node/status} gave it */
    void print(JsonNode status) {
        for (JsonNode model : status.path("models")) {
            line(out, "model", "%s (%s, %s%s) sha256:%s", text(model, "id"), text(model, "task"), text(model, "form"), context(model), text(model, "digest"));
        }
        for (JsonNode model : status.path("unloaded_models")) {
            line(out, "unloaded", "%s: %s", text(model, "id"), absence(model));
        }
        for (JsonNode model : status.path("models")) {
            if (model.has("kv_memory")) {
                line(out, "memory", "%s of %s MiB for keys and values, %s MiB of it prefix cache: %s",
                        mebibytes(model, "used_bytes"), mebibytes(model, "limit_bytes"), mebibytes(model, "prefix_cache_bytes"), text(model, "id"));
            }
        }
        if (status.has("kv_memory")) {
            line(out, "memory", "%s of %s MiB for keys and values promised to chat models",
                    mebibytes(status, "promised_bytes"), mebibytes(status, "limit_bytes"));
        }
        printLoad(status);
    }

    /** Each model has places of its own, so that a sum of them would bound nothing. */
    private void printLoad(JsonNode status) {
        for (JsonNode model : status.path("models")) {
            line(out, "load", "%s running of %s at once, %s waiting: %s", model.at("/load/running").asText(), model.at("/load/slots").asText(),
                    model.at("/load/waiting").asText(), text(model, "id"));
        }
        line(out, "load", "%s running, %s waiting of %s, %.1f tokens/s in all", status.at("/queue/running").asText(), status.at("/queue/waiting").asText(),
                status.at("/queue/max_waiting").asText(), status.path("tokens_per_second").asDouble());
    }

    private static String context(JsonNode model) {
        if (model.path("context_length").asInt() == 0) {
            return "";
        }
        String cut = model.has("context_cut_from") ? ", cut from " + text(model, "context_cut_from") + ": raise --kv-memory" : "";
        return ", context " + text(model, "context_length") + cut;
    }

    private static String absence(JsonNode model) {
        String reason = text(model, "reason");
        return switch (text(model, "state")) {
            case "loading" -> "being loaded";
            case "unloading" -> "being unloaded";
            default -> (reason.isEmpty() || reason.equals("unloaded") ? "not loaded" : "not available (" + reason + ")") + "; its operator loads it by POST "
                    + ServedModels.loadPath(text(model, "id")) + " with the token in the file operator.token";
        };
    }

    private static long mebibytes(JsonNode node, String name) {
        return node.path("kv_memory").path(name).asLong() >> MIB_BITS;
    }
}
