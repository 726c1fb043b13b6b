package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Writes a Hugging Face {@code tokenizer.json}; the same parts give the same bytes. */
final class TokenizerJson {
    private final List<AddedToken> added;
    private final Pipeline pipeline;
    private final SubwordModel model;

    TokenizerJson(List<AddedToken> added, Pipeline pipeline, SubwordModel model) {
        this.added = added;
        this.pipeline = pipeline;
        this.model = model;
    }

    /** The file's bytes, UTF-8. */
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new ObjectMapper().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("version", "1.0");
            json.writeNullField("truncation");
            json.writeNullField("padding");
            addedTokens(json);
            json.writeObjectField("normalizer", pipeline.normalizer());
            json.writeObjectField("pre_tokenizer", pipeline.preTokenizer());
            json.writeObjectField("post_processor", pipeline.postProcessor());
            json.writeObjectField("decoder", pipeline.decoder());
            json.writeObjectFieldStart("model");
            switch (model) {
                case SubwordModel.Bpe bpe -> bpe(json, bpe);
                case SubwordModel.Unigram unigram -> unigram(json, unigram);
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void addedTokens(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("added_tokens");
        for (AddedToken token : added) {
            json.writeStartObject();
            json.writeNumberField("id", token.id());
            json.writeStringField("content", token.content());
            json.writeBooleanField("single_word", false);
            json.writeBooleanField("lstrip", false);
            json.writeBooleanField("rstrip", false);
            json.writeBooleanField("normalized", false);
            json.writeBooleanField("special", token.special());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void bpe(JsonGenerator json, SubwordModel.Bpe bpe) throws IOException {
        json.writeStringField("type", "BPE");
        json.writeNullField("dropout");
        json.writeStringField("unk_token", bpe.unknown());
        json.writeNullField("continuing_subword_prefix");
        json.writeNullField("end_of_word_suffix");
        json.writeBooleanField("fuse_unk", bpe.unknown() != null);
        json.writeBooleanField("byte_fallback", bpe.byteFallback());
        json.writeBooleanField("ignore_merges", bpe.wholeFirst());
        json.writeObjectFieldStart("vocab");
        for (int id = 0; id < bpe.vocabulary().size(); id++) {
            json.writeNumberField(bpe.vocabulary().token(id), id);
        }
        json.writeEndObject();
        json.writeArrayFieldStart("merges");
        for (SubwordModel.Merge merge : bpe.merges()) {
            json.writeStartArray();
            json.writeString(merge.left());
            json.writeString(merge.right());
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void unigram(JsonGenerator json, SubwordModel.Unigram unigram) throws IOException {
        json.writeStringField("type", "Unigram");
        json.writeNumberField("unk_id", unigram.unknown());
        json.writeArrayFieldStart("vocab");
        for (int id = 0; id < unigram.vocabulary().size(); id++) {
            json.writeStartArray();
            json.writeString(unigram.vocabulary().token(id));
            json.writeNumber((double) unigram.scores()[id]);
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeBooleanField("byte_fallback", unigram.byteFallback());
    }
}
