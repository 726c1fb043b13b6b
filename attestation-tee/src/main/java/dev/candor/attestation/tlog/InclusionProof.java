package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.util.List;

/**
 * The sibling hashes from one leaf up to the root of a tree, RFC 9162 section 2.1.3.
 *
 * @param index  the leaf's index, from 0
 * @param size   leaves in the tree; must be the size that the checkpoint states whose root is compared
 * @param hashes from the leaf's sibling upwards
 */
public record InclusionProof(long index, long size, List<Digest> hashes) {
    public InclusionProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Checks that the leaf is in the tree, RFC 9162 section 2.1.3.2.
     *
     * @param leafHash {@link MerkleHash#leaf} of the entry
     * @param root     root of the tree of {@link #size} leaves
     * @throws LogProofException if the index is not in the tree, the proof is longer or shorter than the tree is high, or
     *                           the root that it leads to is another one
     */
    public void verify(Digest leafHash, Digest root) throws LogProofException {
        if (index < 0 || index >= size) {
            throw new LogProofException("inclusion proof: leaf index " + Long.toUnsignedString(index)
                    + " is not in a tree of size " + Long.toUnsignedString(size));
        }
        long fn = index;
        long sn = size - 1;
        byte[] computed = leafHash.bytes();
        for (int i = 0; i < hashes.size(); i++) {
            if (sn == 0) {
                throw new LogProofException("inclusion proof: has " + hashes.size() + " hashes, but leaf " + index
                        + " of a tree of size " + size + " takes " + i);
            }
            byte[] sibling = hashes.get(i).bytes();
            if ((fn & 1) == 1 || fn == sn) {
                computed = MerkleHash.node(sibling, computed);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                computed = MerkleHash.node(computed, sibling);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        if (sn != 0) {
            throw new LogProofException("inclusion proof: has only " + hashes.size() + " hashes, too few for leaf " + index
                    + " of a tree of size " + size);
        }
        Digest leadsTo = Digest.of(computed);
        if (!leadsTo.equals(root)) {
            throw new LogProofException("inclusion proof: leaf " + index + " of a tree of size " + size
                    + " leads to root " + leadsTo.hex() + ", but the tree's root is " + root.hex());
        }
    }
}
