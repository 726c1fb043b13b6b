package dev.candor.hub.importer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.candor.hub.importer.gguf.GgufMetadata;
import dev.candor.hub.importer.source.ImportException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rebuilds a Hugging Face {@code tokenizer.json} from the tokens and merges of a GGUF file (byte-level BPE, as GPT-2's). */
final class TokenizerJson {
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    private final List<String> tokens;
    private final long[] types;
    private final List<String> merges;

    /** @throws IOException if the model's tokenizer or pre-tokenizer is one that cannot be rebuilt, or its parts do not fit together */
    TokenizerJson(GgufMetadata metadata) throws IOException {
        String model = metadata.text("tokenizer.ggml.model");
        if (!model.equals("gpt2")) {
            throw new ImportException("the tokenizer is of kind " + model + " (tokenizer.ggml.model); gpt2, byte-level BPE, is imported");
        }
        String pre = metadata.optionalText("tokenizer.ggml.pre").orElse("default");
        if (!pre.equals("smollm")) {
            throw new ImportException("the pre-tokenizer is " + pre + " (tokenizer.ggml.pre); smollm is imported");
        }
        tokens = metadata.texts("tokenizer.ggml.tokens");
        types = metadata.wholes("tokenizer.ggml.token_type");
        merges = metadata.texts("tokenizer.ggml.merges");
        check();
    }

    private void check() throws ImportException {
        if (types.length != tokens.size()) {
            throw new ImportException("tokenizer.ggml.token_type has " + types.length + " entries for " + tokens.size() + " tokens");
        }
        Set<String> known = new HashSet<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (!known.add(tokens.get(id))) {
                throw new ImportException("tokenizer.ggml.tokens has token " + id + " twice");
            }
        }
        for (int i = 0; i < merges.size(); i++) {
            String[] parts = merges.get(i).split(" ", -1);
            if (parts.length != 2 || !known.contains(parts[0]) || !known.contains(parts[1]) || !known.contains(parts[0] + parts[1])) {
                throw new ImportException("tokenizer.ggml.merges has a merge, number " + i + ", whose parts are no tokens");
            }
        }
    }

    /** The file's bytes, UTF-8; the same tokenizer gives the same bytes. */
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            addedTokens(json);
            json.writeNullField("normalizer");
            preTokenizer(json);
            json.writeNullField("post_processor");
            json.writeFieldName("decoder");
            byteLevel(json, true);
            bpe(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void addedTokens(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("added_tokens");
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL || types[id] == USER_DEFINED) {
                json.writeStartObject();
                json.writeNumberField("id", id);
                json.writeStringField("content", tokens.get(id));
                json.writeBooleanField("single_word", false);
                json.writeBooleanField("lstrip", false);
                json.writeBooleanField("rstrip", false);
                json.writeBooleanField("normalized", false);
                json.writeBooleanField("special", types[id] == CONTROL);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void preTokenizer(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("pre_tokenizer");
        json.writeStringField("type", "Sequence");
        json.writeArrayFieldStart("pretokenizers");
        json.writeStartObject();
        json.writeStringField("type", "Digits");
        json.writeBooleanField("individual_digits", true);
        json.writeEndObject();
        byteLevel(json, false);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void byteLevel(JsonGenerator json, boolean prefixSpace) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", prefixSpace);
        json.writeBooleanField("trim_offsets", true);
        json.writeBooleanField("use_regex", true);
        json.writeEndObject();
    }

    private void bpe(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", "BPE");
        for (String absent : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
            json.writeNullField(absent);
        }
        json.writeBooleanField("fuse_unk", false);
        json.writeBooleanField("byte_fallback", false);
        json.writeBooleanField("ignore_merges", false);
        json.writeObjectFieldStart("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            json.writeNumberField(tokens.get(id), id);
        }
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (String merge : merges) {
            String[] parts = merge.split(" ", -1);
            json.writeArray(parts, 0, 2);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
