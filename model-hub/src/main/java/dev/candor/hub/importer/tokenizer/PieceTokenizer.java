package dev.candor.hub.importer.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.hub.importer.source.ImportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A SentencePiece vocabulary as a {@code tokenizer.json}. Spaces become the character U+2581; user-defined pieces, which SentencePiece looks for before
 * all else, and control pieces become added tokens.
 */
final class PieceTokenizer {
    private static final String SPACE = "\u2581";

    private final Pieces pieces;
    private final Map<Integer, AddedToken> more;
    private final OptionalInt bos;

    /**
     * @param more tokens that the vocabulary does not have, by id, or pieces of it that are to be looked for as a whole
     * @param bos  id of the token that begins a text, if texts begin with one
     */
    PieceTokenizer(Pieces pieces, Map<Integer, AddedToken> more, OptionalInt bos) {
        this.pieces = pieces;
        this.more = more;
        this.bos = bos;
    }

    /** @throws ImportException if the vocabulary lacks what its kind needs, or has a text twice */
    byte[] toBytes() throws IOException {
        Vocabulary vocabulary = vocabulary();
        int unknown = unknown();
        if (pieces.byteFallback()) {
            requireBytes(vocabulary);
        }
        List<AddedToken> added = added(vocabulary);
        JsonNode start = Pipeline.none();
        if (bos.isPresent()) {
            start = Pipeline.startWith(text(bos.getAsInt(), vocabulary, added), bos.getAsInt());
        }
        Pipeline pipeline = new Pipeline(Pipeline.sequence("normalizers", normalizers()), Pipeline.none(), start, decoder());
        return new TokenizerJson(added, pipeline, model(vocabulary, unknown)).toBytes();
    }

    private SubwordModel model(Vocabulary vocabulary, int unknown) throws ImportException {
        if (!pieces.unigram()) {
            List<SubwordModel.Merge> merges = new PieceMerges(pieces.pieces(), vocabulary).read();
            return new SubwordModel.Bpe(vocabulary, merges, vocabulary.token(unknown), pieces.byteFallback(), false);
        }
        float[] scores = new float[vocabulary.size()];
        for (int id = 0; id < scores.length; id++) {
            Pieces.Piece piece = pieces.pieces().get(id);
            // What is no ordinary piece is never chosen for its probability.
            scores[id] = piece.kind() == PieceKind.NORMAL ? piece.score() : 0;
        }
        return new SubwordModel.Unigram(vocabulary, scores, unknown, pieces.byteFallback());
    }

    private Vocabulary vocabulary() throws ImportException {
        List<String> texts = new ArrayList<>();
        for (Pieces.Piece piece : pieces.pieces()) {
            texts.add(piece.kind() == PieceKind.USER_DEFINED ? piece.text().replace(SPACE, " ") : piece.text());
        }
        return new Vocabulary(texts);
    }

    private int unknown() throws ImportException {
        for (int id = 0; id < pieces.pieces().size(); id++) {
            if (pieces.pieces().get(id).kind() == PieceKind.UNKNOWN) {
                return id;
            }
        }
        throw new ImportException("the tokenizer has no token for what it does not know");
    }

    private static void requireBytes(Vocabulary vocabulary) throws ImportException {
        for (int value = 0; value < 256; value++) {
            String token = String.format("<0x%02X>", value);
            if (!vocabulary.has(token)) {
                throw new ImportException("the tokenizer spells unknown characters in bytes, but lacks " + token);
            }
        }
    }

    private List<AddedToken> added(Vocabulary vocabulary) {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            PieceKind kind = pieces.pieces().get(id).kind();
            if (more.containsKey(id)) {
                added.add(more.get(id));
            } else if (!vocabulary.token(id).isEmpty() && (kind == PieceKind.CONTROL || kind == PieceKind.UNKNOWN || kind == PieceKind.USER_DEFINED)) {
                added.add(new AddedToken(id, vocabulary.token(id), kind != PieceKind.USER_DEFINED));
            }
        }
        more.keySet().stream().filter(id -> id >= vocabulary.size()).sorted().map(more::get).forEach(added::add);
        return added;
    }

    private static String text(int id, Vocabulary vocabulary, List<AddedToken> added) throws ImportException {
        if (id < vocabulary.size()) {
            return vocabulary.token(id);
        }
        return added.stream().filter(token -> token.id() == id).map(AddedToken::content).findFirst()
                .orElseThrow(() -> new ImportException("texts begin with token " + id + ", which the tokenizer does not have"));
    }

    private List<JsonNode> normalizers() {
        Pieces.Normalization rules = pieces.normalization();
        List<JsonNode> steps = new ArrayList<>();
        if (rules.characterMap().length > 0) {
            steps.add(Pipeline.step("Precompiled").put("precompiled_charsmap", rules.characterMapText()));
        }
        if (rules.trimSpaces()) {
            steps.add(Pipeline.step("Strip").put("strip_left", true).put("strip_right", true));
            steps.add(Pipeline.replaceMatches(" {2,}", " "));
        }
        if (rules.prefix()) {
            steps.add(Pipeline.step("Prepend").put("prepend", SPACE));
        }
        steps.add(Pipeline.replace(" ", SPACE));
        return steps;
    }

    private JsonNode decoder() {
        List<JsonNode> steps = new ArrayList<>();
        steps.add(Pipeline.replace(SPACE, " "));
        if (pieces.byteFallback()) {
            steps.add(Pipeline.step("ByteFallback"));
        }
        steps.add(Pipeline.step("Fuse"));
        if (pieces.normalization().prefix()) {
            steps.add(Pipeline.step("Strip").put("content", " ").put("start", 1).put("stop", 0));
        }
        return Pipeline.sequence("decoders", steps);
    }
}
