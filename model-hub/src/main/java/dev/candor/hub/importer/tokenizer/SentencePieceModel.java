package dev.candor.hub.importer.tokenizer;

import dev.candor.hub.importer.source.ImportException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a SentencePiece {@code tokenizer.model}: a protocol buffer of pieces, trainer and normalizer
 * (https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto). Fields that decide nothing here are skipped.
 */
final class SentencePieceModel {
    private static final int MAX_PIECES = 1 << 20;
    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

    private final List<Pieces.Piece> pieces = new ArrayList<>();
    private long modelType = UNIGRAM;
    private boolean byteFallback;
    private boolean suffixSpaces;
    private byte[] characterMap = new byte[0];
    private boolean prefix = true;
    private boolean trimSpaces = true;
    private boolean escapeSpaces = true;

    private SentencePieceModel() {}

    /** @throws ImportException if {@code bytes} are no such model, or one of a kind that cannot be expressed as a tokenizer.json */
    static Pieces read(byte[] bytes) throws ImportException {
        SentencePieceModel model = new SentencePieceModel();
        for (ProtoInput in = new ProtoInput(bytes); in.next();) {
            switch (in.field()) {
                case 1 -> model.piece(in.message());
                case 2 -> model.trainer(in.message());
                case 3 -> model.normalizer(in.message());
                default -> in.skip();
            }
        }
        return model.checked();
    }

    private Pieces checked() throws ImportException {
        if (pieces.isEmpty()) {
            throw new ImportException("the SentencePiece model has no pieces");
        }
        if (modelType != UNIGRAM && modelType != BPE) {
            throw new ImportException("the SentencePiece model is of type " + modelType + "; 1 (unigram) and 2 (BPE) are imported");
        }
        if (suffixSpaces || !escapeSpaces) {
            throw new ImportException("the SentencePiece model writes spaces as suffixes or unescaped, which is not imported");
        }
        return new Pieces(pieces, modelType == UNIGRAM, byteFallback, new Pieces.Normalization(characterMap, prefix, trimSpaces));
    }

    private void piece(ProtoInput in) throws ImportException {
        String text = "";
        float score = 0;
        PieceKind kind = PieceKind.NORMAL;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> text = in.text();
                case 2 -> score = in.float32();
                case 3 -> kind = PieceKind.of(in.varint());
                default -> in.skip();
            }
        }
        if (pieces.size() == MAX_PIECES) {
            throw new ImportException("the SentencePiece model has more than " + MAX_PIECES + " pieces");
        }
        if (!Float.isFinite(score)) {
            throw new ImportException("piece " + pieces.size() + " of the SentencePiece model has the score " + score);
        }
        pieces.add(new Pieces.Piece(text, score, kind));
    }

    private void trainer(ProtoInput in) throws ImportException {
        while (in.next()) {
            switch (in.field()) {
                case 3 -> modelType = in.varint();
                case 24 -> suffixSpaces = in.varint() != 0;
                case 35 -> byteFallback = in.varint() != 0;
                default -> in.skip();
            }
        }
    }

    private void normalizer(ProtoInput in) throws ImportException {
        while (in.next()) {
            switch (in.field()) {
                case 2 -> characterMap = in.bytes();
                case 3 -> prefix = in.varint() != 0;
                case 4 -> trimSpaces = in.varint() != 0;
                case 5 -> escapeSpaces = in.varint() != 0;
                default -> in.skip();
            }
        }
    }
}
