package dev.candor.client.verify;

import dev.candor.attestation.receipt.ReceiptId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest receipts, in memory, up to a number and a sum of bytes. */
final class MemoryReceiptStore implements ReceiptStore {
    private static final long MAX_BYTES = 64L << 20;

    private final int most;
    private final Map<ReceiptId, ReceiptBundle> kept = new LinkedHashMap<>();
    private long bytes;

    MemoryReceiptStore(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a store keeps at least one receipt, not " + most);
        }
        this.most = most;
    }

    @Override
    public synchronized void save(ReceiptBundle bundle) {
        ReceiptBundle before = kept.put(bundle.id(), bundle);
        bytes += size(bundle) - (before == null ? 0 : size(before));
        var oldest = kept.values().iterator();
        while (kept.size() > 1 && (kept.size() > most || bytes > MAX_BYTES)) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    @Override
    public synchronized Optional<ReceiptBundle> load(ReceiptId id) {
        return Optional.ofNullable(kept.get(id));
    }

    /** Of what an outsider decides the length of. */
    private static long size(ReceiptBundle bundle) {
        return bundle.cose().length + bundle.exchange().map(each -> (long) each.request().length + each.response().length).orElse(0L);
    }
}
