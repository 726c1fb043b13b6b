package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.gguf.GgufMetadata;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The tokenizer of a GGUF file: byte-level BPE ({@code gpt2}) or SentencePiece's BPE ({@code llama}). */
public final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final PieceKind[] kinds;

    /** @throws IOException if the file's tokens and their kinds do not fit together */
    public GgufTokenizer(GgufMetadata metadata) throws IOException {
        this.metadata = metadata;
        this.tokens = metadata.texts(PREFIX + "tokens");
        long[] types = metadata.wholes(PREFIX + "token_type");
        if (types.length != tokens.size()) {
            throw new ImportException("tokenizer.ggml.token_type has " + types.length + " entries for " + tokens.size() + " tokens");
        }
        this.kinds = new PieceKind[types.length];
        for (int id = 0; id < types.length; id++) {
            kinds[id] = PieceKind.of(types[id]);
        }
    }

    /**
     * The files.
     *
     * @param vocabulary rows of the model's embedding
     * @throws IOException if the tokenizer is of another kind, its parts do not fit together, or it does not fit the model
     */
    public TokenizerFiles files(int vocabulary) throws IOException {
        if (tokens.size() > vocabulary) {
            throw new ImportException("the tokenizer has " + tokens.size() + " tokens, the model's embedding only " + vocabulary);
        }
        String model = metadata.text(PREFIX + "model");
        byte[] json = switch (model) {
            case "gpt2" -> byteLevel();
            case "llama" -> sentencePiece();
            default -> throw new ImportException("the tokenizer is of kind " + model
                    + " (tokenizer.ggml.model); gpt2, byte-level BPE, and llama, SentencePiece, are imported");
        };
        return new TokenizerFiles(json, metadata.optionalText("tokenizer.chat_template"), id("bos"), eos());
    }

    private byte[] byteLevel() throws IOException {
        PreTokenizer cut = PreTokenizer.of(metadata.optionalText(PREFIX + "pre").orElse("default"));
        Vocabulary vocabulary = new Vocabulary(tokens);
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < kinds.length; id++) {
            if (kinds[id] == PieceKind.CONTROL || kinds[id] == PieceKind.USER_DEFINED) {
                added.add(new AddedToken(id, tokens.get(id), kinds[id] == PieceKind.CONTROL));
            }
        }
        JsonNode start = beginsWithBos(cut == PreTokenizer.LLAMA3) ? Pipeline.startWith(tokens.get(id("bos")), id("bos")) : Pipeline.none();
        SubwordModel model = new SubwordModel.Bpe(vocabulary, merges(vocabulary), null, false, cut.wholeFirst());
        return new TokenizerJson(added, cut.pipeline(start), model).toBytes();
    }

    private List<SubwordModel.Merge> merges(Vocabulary vocabulary) throws IOException {
        List<SubwordModel.Merge> merges = new ArrayList<>();
        for (String merge : metadata.texts(PREFIX + "merges")) {
            String[] parts = merge.split(" ", -1);
            if (parts.length != 2 || !vocabulary.has(parts[0]) || !vocabulary.has(parts[1]) || !vocabulary.has(parts[0] + parts[1])) {
                throw new ImportException("tokenizer.ggml.merges has a merge, number " + merges.size() + ", whose parts are no tokens");
            }
            merges.add(new SubwordModel.Merge(parts[0], parts[1]));
        }
        return merges;
    }

    private byte[] sentencePiece() throws IOException {
        double[] scores = metadata.reals(PREFIX + "scores");
        if (scores.length != tokens.size()) {
            throw new ImportException("tokenizer.ggml.scores has " + scores.length + " entries for " + tokens.size() + " tokens");
        }
        List<Pieces.Piece> pieces = new ArrayList<>();
        boolean bytes = false;
        for (int id = 0; id < scores.length; id++) {
            if (!Double.isFinite(scores[id])) {
                throw new ImportException("tokenizer.ggml.scores has " + scores[id] + " for token " + id);
            }
            pieces.add(new Pieces.Piece(tokens.get(id), (float) scores[id], kinds[id]));
            bytes |= kinds[id] == PieceKind.BYTE;
        }
        Pieces.Normalization rules = new Pieces.Normalization(
                new byte[0],
                metadata.flag(PREFIX + "add_space_prefix", true),
                metadata.flag(PREFIX + "remove_extra_whitespaces", false));
        OptionalInt bos = beginsWithBos(true) ? OptionalInt.of(id("bos")) : OptionalInt.empty();
        return new PieceTokenizer(new Pieces(pieces, false, bytes, rules), Map.of(), bos).toBytes();
    }

    private boolean beginsWithBos(boolean fallback) throws IOException {
        return id("bos") >= 0 && metadata.flag(PREFIX + "add_bos_token", fallback);
    }

    private List<Integer> eos() throws IOException {
        Set<Integer> eos = new LinkedHashSet<>();
        for (String name : List.of("eos", "eot", "eom")) {
            if (id(name) >= 0) {
                eos.add(id(name));
            }
        }
        if (eos.isEmpty()) {
            throw new ImportException("the file names no token that ends an answer (tokenizer.ggml.eos_token_id)");
        }
        return List.copyOf(eos);
    }

    private int id(String name) throws IOException {
        return metadata.whole(PREFIX + name + "_token_id", 0, tokens.size() - 1, -1);
    }
}
