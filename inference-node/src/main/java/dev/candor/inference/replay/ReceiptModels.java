package dev.candor.inference.replay;

import dev.candor.attestation.receipt.Receipt;
import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.manifest.ModelConfig;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.store.ModelProvisioner;
import dev.candor.hub.store.ModelStore;
import dev.candor.hub.store.ProgressListener;
import java.io.IOException;
import java.util.Optional;

/** Finds the very model that a receipt names: in the local store, or made from the catalog. */
public final class ReceiptModels {
    private final ModelStore store;
    private final ModelCatalog catalog;
    private final ModelProvisioner provisioner;

    public ReceiptModels(ModelStore store, ModelCatalog catalog, ModelProvisioner provisioner) {
        this.store = store;
        this.catalog = catalog;
        this.provisioner = provisioner;
    }

    /**
     * The model of the receipt's digest.
     *
     * @return empty if neither store nor catalog has it
     * @throws IOException if it cannot be read, fetched or converted
     */
    public Optional<VerifiedModel> find(Receipt receipt, ProgressListener progress) throws IOException {
        Optional<VerifiedModel> stored = stored(receipt).filter(model -> fits(model, receipt));
        if (stored.isPresent()) {
            return stored;
        }
        Optional<CatalogEntry> entry = catalog.entries().stream()
                .filter(each -> each.name().toString().equals(receipt.model().name()))
                .filter(each -> each.conversion().manifestDigest().equals(receipt.model().digest()))
                .findFirst();
        return entry.isPresent() ? Optional.of(provisioner.ensure(entry.get(), progress)).filter(model -> fits(model, receipt)) : Optional.empty();
    }

    private Optional<VerifiedModel> stored(Receipt receipt) throws IOException {
        try {
            return store.find(ModelName.parse(receipt.model().name()), receipt.runtime().precision());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean fits(VerifiedModel model, Receipt receipt) {
        return model.serving() instanceof ModelConfig && model.manifest().digest().equals(receipt.model().digest());
    }
}
