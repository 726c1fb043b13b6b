package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.receipt.Verification;
import dev.candor.inference.engine.GenerationRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the body of {@code POST /v1/completions}: OpenAI's members, and those of vLLM that {@link GenerationFields} reads. Members that the node
 * does not know are accepted and listed. Thread-safe.
 */
public final class CompletionRequestParser {
    /** OpenAI's. */
    private static final int DEFAULT_MAX_TOKENS = 16;

    private final Json json;

    public CompletionRequestParser(Json json) {
        this.json = json;
    }

    /** @throws ApiException naming the member at fault */
    public CompletionRequest parse(byte[] body) throws ApiException {
        Fields fields = new Fields(json.object(body), "");
        GenerationFields common = new GenerationFields(fields);
        String model = fields.text("model").orElseThrow(() -> fields.missing("model"));
        List<CompletionRequest.Prompt> prompts = new PromptField(fields).read();
        boolean echo = fields.flag("echo", false);
        int choices = common.choices();
        Streaming streaming = common.streaming();
        Verification verification = common.verification();
        OptionalInt logprobs = fields.integer("logprobs", 0, GenerationRequest.MOST_LOGPROBS);
        fields.text("user");
        common.requireNoSearch();
        return new CompletionRequest(
                fields.object(),
                model,
                prompts,
                suffix(fields, prompts, echo && logprobs.isPresent()),
                streaming,
                maxTokens(fields, echo),
                common.decoding(),
                choices,
                bestOf(fields, prompts.size(), choices, streaming, verification),
                echo,
                logprobs,
                new FormatFields(fields).read(),
                verification,
                common.service(),
                fields.unread());
    }

    private static Optional<String> suffix(Fields fields, List<CompletionRequest.Prompt> prompts, boolean scored) throws ApiException {
        Optional<String> suffix = fields.text("suffix").filter(text -> !text.isEmpty());
        if (suffix.isPresent() && prompts.getFirst() instanceof CompletionRequest.Tokens) {
            throw fields.invalid("suffix", "needs prompts that are texts: with token ids, put the model's own marks and the suffix among them");
        }
        if (suffix.isPresent() && scored) {
            throw fields.invalid("suffix", "cannot be combined with 'echo' and 'logprobs': the model reads more than the text that is given back");
        }
        return suffix;
    }

    private static int maxTokens(Fields fields, boolean echo) throws ApiException {
        int most = fields.integer("max_tokens", 0, Integer.MAX_VALUE).orElse(DEFAULT_MAX_TOKENS);
        if (most == 0 && !echo) {
            throw fields.invalid("max_tokens", "must be at least 1 where 'echo' is not true");
        }
        return most;
    }

    private static int bestOf(Fields fields, int prompts, int choices, Streaming streaming, Verification verification) throws ApiException {
        int bestOf = fields.integer("best_of", 1, GenerationFields.MAX_CHOICES).orElse(choices);
        if (bestOf < choices) {
            throw fields.invalid("best_of", "must be at least 'n', which is " + choices + ", got " + bestOf);
        }
        if (prompts * bestOf > GenerationFields.MAX_CHOICES) {
            throw fields.invalid(bestOf > choices ? "best_of" : choices > 1 ? "n" : "prompt", "asks for " + bestOf + " answers to each of " + prompts
                    + " prompts; a request may have " + GenerationFields.MAX_CHOICES + " altogether");
        }
        if (bestOf > choices && streaming.stream()) {
            throw fields.invalid("best_of", "above 'n' cannot be streamed: which answers are the best is known at the end");
        }
        if (bestOf > choices && verification == Verification.REPLAY) {
            throw fields.unsupported("best_of", "above 'n' cannot be replayed: the answers that were not the best are no part of the receipt. "
                    + "Ask for the verification 'tee' or 'none'");
        }
        return bestOf;
    }

    /** {@code prompt}: a text, several, token ids, or several lists of them. */
    private record PromptField(Fields fields) {
        private static final String NAME = "prompt";
        private static final String KINDS = "a string, an array of strings, an array of token ids, or an array of arrays of token ids";

        List<CompletionRequest.Prompt> read() throws ApiException {
            JsonNode prompt = fields.get(NAME).orElseThrow(() -> fields.missing(NAME));
            if (prompt.isTextual()) {
                return List.of(new CompletionRequest.Text(prompt.textValue()));
            }
            if (!prompt.isArray()) {
                throw fields.wrongType(NAME, KINDS, prompt);
            }
            if (prompt.isEmpty()) {
                throw fields.invalid(NAME, "must not be empty");
            }
            if (prompt.get(0).isNumber()) {
                return List.of(tokens(NAME, prompt));
            }
            if (prompt.size() > GenerationFields.MAX_CHOICES) {
                throw fields.invalid(NAME, "may have at most " + GenerationFields.MAX_CHOICES + " prompts, got " + prompt.size());
            }
            CompletionRequest.Prompt[] all = new CompletionRequest.Prompt[prompt.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = one(prompt.get(i), prompt.get(0), NAME + "[" + i + "]");
            }
            return List.of(all);
        }

        private CompletionRequest.Prompt one(JsonNode item, JsonNode first, String name) throws ApiException {
            if (first.isTextual() && item.isTextual()) {
                return new CompletionRequest.Text(item.textValue());
            }
            if (first.isArray() && item.isArray()) {
                return tokens(name, item);
            }
            throw fields.wrongType(name, first.isTextual() ? "a string" : first.isArray() ? "an array of token ids" : KINDS, item);
        }

        private CompletionRequest.Tokens tokens(String name, JsonNode list) throws ApiException {
            if (list.isEmpty()) {
                throw fields.invalid(name, "must have at least one token");
            }
            int[] ids = new int[list.size()];
            for (int i = 0; i < ids.length; i++) {
                JsonNode id = list.get(i);
                if (!id.isIntegralNumber()) {
                    throw fields.wrongType(name + "[" + i + "]", "a token id", id);
                }
                if (!id.canConvertToInt() || id.intValue() < 0) {
                    throw fields.invalid(name + "[" + i + "]", "is no token id: " + id);
                }
                ids[i] = id.intValue();
            }
            return new CompletionRequest.Tokens(ids);
        }
    }
}
