package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.util.ArrayList;
import java.util.List;

/** The recursive definitions of RFC 6962 section 2.1, word for word, as an oracle. */
final class NaiveTree {
    private final List<Digest> leaves = new ArrayList<>();

    NaiveTree(List<byte[]> entries) {
        entries.forEach(entry -> leaves.add(MerkleHash.leaf(entry)));
    }

    Digest root(int size) {
        return root(leaves.subList(0, size));
    }

    List<Digest> path(int index, int size) {
        return path(index, leaves.subList(0, size));
    }

    List<Digest> consistency(int oldSize, int newSize) {
        return subproof(oldSize, leaves.subList(0, newSize), true);
    }

    private static Digest root(List<Digest> d) {
        if (d.isEmpty()) {
            return MerkleHash.emptyRoot();
        }
        if (d.size() == 1) {
            return d.getFirst();
        }
        int k = Integer.highestOneBit(d.size() - 1);
        return MerkleHash.node(root(d.subList(0, k)), root(d.subList(k, d.size())));
    }

    private static List<Digest> path(int m, List<Digest> d) {
        if (d.size() == 1) {
            return List.of();
        }
        int k = Integer.highestOneBit(d.size() - 1);
        List<Digest> left = d.subList(0, k);
        List<Digest> right = d.subList(k, d.size());
        return m < k ? plus(path(m, left), root(right)) : plus(path(m - k, right), root(left));
    }

    private static List<Digest> subproof(int m, List<Digest> d, boolean complete) {
        if (m == d.size()) {
            return complete ? List.of() : List.of(root(d));
        }
        int k = Integer.highestOneBit(d.size() - 1);
        List<Digest> left = d.subList(0, k);
        List<Digest> right = d.subList(k, d.size());
        return m <= k
                ? plus(subproof(m, left, complete), root(right))
                : plus(subproof(m - k, right, false), root(left));
    }

    private static List<Digest> plus(List<Digest> list, Digest last) {
        List<Digest> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
