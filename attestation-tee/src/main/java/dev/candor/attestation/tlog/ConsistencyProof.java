package dev.candor.attestation.tlog;

import dev.candor.attestation.digest.Digest;
import java.util.List;

/**
 * The hashes that show that a tree only grew, RFC 9162 section 2.1.4.
 *
 * @param oldSize leaves in the earlier tree, at least 1: the empty tree is consistent with everything and proves nothing
 * @param newSize leaves in the later tree
 * @param hashes  in the order of the RFC; none if the sizes are equal
 */
public record ConsistencyProof(long oldSize, long newSize, List<Digest> hashes) {
    public ConsistencyProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Checks that the later tree begins with all leaves of the earlier one, RFC 9162 section 2.1.4.2.
     *
     * @throws LogProofException if the sizes are not in order, the proof has too few or too many hashes, or one of the roots
     *                           that it leads to is another one
     */
    public void verify(Digest oldRoot, Digest newRoot) throws LogProofException {
        if (oldSize < 1 || newSize < oldSize) {
            throw new LogProofException("consistency proof: from size " + Long.toUnsignedString(oldSize) + " to size "
                    + Long.toUnsignedString(newSize) + " cannot be shown, 1 <= old <= new is needed");
        }
        if (oldSize == newSize) {
            if (!hashes.isEmpty()) {
                throw new LogProofException("consistency proof: has " + hashes.size()
                        + " hashes, but from size " + oldSize + " to itself it takes 0");
            }
            compare("old", oldSize, newRoot, oldRoot);
            return;
        }
        walk(oldRoot, newRoot);
    }

    private void walk(Digest oldRoot, Digest newRoot) throws LogProofException {
        if (hashes.isEmpty()) {
            throw new LogProofException("consistency proof: has 0 hashes, too few from size " + oldSize + " to " + newSize);
        }
        boolean startsAtOldRoot = Long.bitCount(oldSize) == 1;
        byte[] fr = startsAtOldRoot ? oldRoot.bytes() : hashes.getFirst().bytes();
        byte[] sr = fr;
        int skip = Long.numberOfTrailingZeros(oldSize);
        long fn = (oldSize - 1) >>> skip;
        long sn = (newSize - 1) >>> skip;
        for (int i = startsAtOldRoot ? 0 : 1; i < hashes.size(); i++) {
            if (sn == 0) {
                throw new LogProofException("consistency proof: has " + hashes.size() + " hashes, but from size " + oldSize
                        + " to " + newSize + " it takes " + i);
            }
            byte[] hash = hashes.get(i).bytes();
            if ((fn & 1) == 1 || fn == sn) {
                fr = MerkleHash.node(hash, fr);
                sr = MerkleHash.node(hash, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                sr = MerkleHash.node(sr, hash);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        if (sn != 0) {
            throw new LogProofException("consistency proof: has only " + hashes.size() + " hashes, too few from size "
                    + oldSize + " to " + newSize);
        }
        compare("old", oldSize, Digest.of(fr), oldRoot);
        compare("new", newSize, Digest.of(sr), newRoot);
    }

    private void compare(String which, long size, Digest computed, Digest stated) throws LogProofException {
        if (!computed.equals(stated)) {
            throw new LogProofException("consistency proof from size " + oldSize + " to " + newSize + ": leads to the "
                    + which + " root " + computed.hex() + " at size " + size + ", but the stated root is " + stated.hex());
        }
    }
}
