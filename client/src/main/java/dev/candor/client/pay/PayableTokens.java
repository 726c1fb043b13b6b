package dev.candor.client.pay;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.settlement.chain.ContractAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a wallet pays in: OPG, on the chains whose contract this version knows, on those that it was told of, and whatever is offered on the
 * development chains 1337 and 31337, where tokens are worth nothing. Limits count OPG, and Permit2 has one address on every chain, so
 * that a token of another one may be worth far more than they let it seem. Immutable.
 */
public final class PayableTokens {
    /** What the tools for development chains call them, unless they are told otherwise. */
    private static final Set<Long> DEVELOPMENT = Set.of(1_337L, 31_337L);

    private final Map<Long, EvmAddress> told;
    private final Optional<Path> folder;

    private PayableTokens(Map<Long, EvmAddress> told, Optional<Path> folder) {
        this.told = Map.copyOf(told);
        this.folder = folder;
    }

    /** Of no chains beside those that this version knows. */
    public static PayableTokens standard() {
        return new PayableTokens(Map.of(), Optional.empty());
    }

    /** Also {@code opg} on that chain, and no other token there. */
    public PayableTokens with(long chainId, EvmAddress opg) {
        Map<Long, EvmAddress> more = new HashMap<>(told);
        more.put(chainId, opg);
        return new PayableTokens(more, folder);
    }

    /** Also those whose addresses {@code candor up --deploy} has kept: {@code <chainId>.json} in {@code folder}, whether it is there yet or not. */
    public PayableTokens keptIn(Path folder) {
        return new PayableTokens(told, Optional.of(folder));
    }

    /** @throws IllegalArgumentException if the kept addresses of that chain cannot be read */
    boolean accepts(long chainId, String asset) {
        return opg(chainId).map(known -> known.value().equals(asset.toLowerCase(Locale.ROOT))).orElseGet(() -> DEVELOPMENT.contains(chainId));
    }

    private Optional<EvmAddress> opg(long chainId) {
        if (told.containsKey(chainId)) {
            return Optional.of(told.get(chainId));
        }
        return kept(chainId).or(() -> ContractAddresses.builtIn(chainId)).map(ContractAddresses::opg);
    }

    private Optional<ContractAddresses> kept(long chainId) {
        Optional<Path> file = folder.map(in -> in.resolve(chainId + ".json")).filter(Files::isRegularFile);
        try {
            return file.isPresent() ? Optional.of(ContractAddresses.parse(chainId, Files.readString(file.get()))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.get(), e);
        }
    }
}
