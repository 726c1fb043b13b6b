package dev.candor.hub.importer.tokenizer;

import dev.candor.hub.importer.source.ImportException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The merges that a SentencePiece BPE vocabulary implies: it joins the neighbours whose joint has the highest score, so every way to cut a piece into two
 * pieces is a merge with the rank of its score. Pieces of equal score keep the order of their ids; SentencePiece takes the leftmost in the text, which
 * a list of merges cannot say.
 */
final class PieceMerges {
    private static final int LONGEST = 1024;

    private final List<Pieces.Piece> pieces;
    private final Vocabulary vocabulary;

    PieceMerges(List<Pieces.Piece> pieces, Vocabulary vocabulary) {
        this.pieces = pieces;
        this.vocabulary = vocabulary;
    }

    private record Ranked(int piece, int left, int right) {}

    List<SubwordModel.Merge> read() throws ImportException {
        List<Ranked> merges = new ArrayList<>();
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).kind() == PieceKind.NORMAL) {
                cut(id, merges);
            }
        }
        merges.sort(Comparator.comparingDouble((Ranked merge) -> -pieces.get(merge.piece()).score())
                .thenComparingInt(Ranked::piece)
                .thenComparingInt(Ranked::left)
                .thenComparingInt(Ranked::right));
        return merges.stream().map(merge -> new SubwordModel.Merge(vocabulary.token(merge.left()), vocabulary.token(merge.right()))).toList();
    }

    private void cut(int id, List<Ranked> merges) throws ImportException {
        String text = vocabulary.token(id);
        if (text.length() > LONGEST) {
            throw new ImportException("token " + id + " of the tokenizer has " + text.length() + " characters, at most " + LONGEST + " are imported");
        }
        for (int at = text.offsetByCodePoints(0, text.isEmpty() ? 0 : 1); at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            int left = part(text.substring(0, at));
            int right = left < 0 ? -1 : part(text.substring(at));
            if (right >= 0) {
                merges.add(new Ranked(id, left, right));
            }
        }
    }

    private int part(String text) {
        int id = vocabulary.id(text);
        return id >= 0 && pieces.get(id).kind() == PieceKind.NORMAL ? id : -1;
    }
}
