package dev.candor.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A text to be gone on with, without a chat template.
 *
 * @param model   as {@code /v1/models} names it
 * @param options further members, by their names on the wire
 * @param mode    in place of the client's own, where it is given
 */
public record CompletionRequest(String model, String prompt, Map<String, JsonNode> options, Optional<InferenceMode> mode) {
    /** Copies the options. */
    public CompletionRequest {
        options = Map.copyOf(options);
    }

    /** One prompt. */
    public static CompletionRequest of(String model, String prompt) {
        return builder(model, prompt).build();
    }

    /** Begins a request. */
    public static Builder builder(String model, String prompt) {
        return new Builder(model, prompt);
    }

    /** As it is sent, but for {@code verification}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model).put("prompt", prompt);
        options.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(option -> json.set(option.getKey(), option.getValue().deepCopy()));
        return json;
    }

    /** Collects what is asked. Not thread-safe. */
    public static final class Builder extends GenerationOptions<Builder> {
        private final String model;
        private final String prompt;

        private Builder(String model, String prompt) {
            this.model = model;
            this.prompt = prompt;
        }

        @Override
        Builder self() {
            return this;
        }

        /** What comes after the text to be filled in, for models that can. */
        public Builder suffix(String text) {
            return option("suffix", JsonNodeFactory.instance.textNode(text));
        }

        /** Whether the answer begins with the prompt. */
        public Builder echo(boolean value) {
            return option("echo", JsonNodeFactory.instance.booleanNode(value));
        }

        /** The request. */
        public CompletionRequest build() {
            return new CompletionRequest(model, prompt, new LinkedHashMap<>(options()), chosenMode());
        }
    }
}
