package dev.candor.settlement.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Knows the contracts of each chain: from {@code <folder>/<chainId>.json}, else from what this build carries. */
public final class ContractAddressBook {
    private final Path folder;

    /** @param folder may be absent */
    public ContractAddressBook(Path folder) {
        this.folder = folder;
    }

    /** @throws IllegalArgumentException if the file for the chain is malformed, naming it */
    public Optional<ContractAddresses> find(long chainId) {
        Path file = file(chainId);
        if (!Files.isRegularFile(file)) {
            return ContractAddresses.builtIn(chainId);
        }
        try {
            return Optional.of(ContractAddresses.parse(chainId, Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Where the addresses of a chain are looked for first. */
    public Path file(long chainId) {
        return folder.resolve(chainId + ".json");
    }

    /** Writes the file of a chain. */
    public void save(ContractAddresses addresses) throws IOException {
        write(file(addresses.chainId()), addresses);
    }

    static void write(Path file, ContractAddresses addresses) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, addresses.json());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
