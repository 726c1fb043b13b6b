package dev.candor.inference.config;

import dev.candor.attestation.crypto.EvmAddress;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How the node is paid.
 *
 * @param free        serve without payment; receipts are still logged and anchored
 * @param chainUrl    JSON-RPC endpoint of a chain; empty starts the embedded dev chain
 * @param chainId     EIP-155 id of the embedded dev chain
 * @param deploy      deploy on {@code chainUrl} what is missing, and fund accounts there; without it nothing is sent
 * @param payTo       payee; empty means the operator's own account
 * @param maxExposure atomic units of OPG that may be charged or reserved and not yet settled, over all payers
 * @param prices      of models, in place of the catalog's
 */
public record Payments(
        boolean free,
        Optional<String> chainUrl,
        long chainId,
        boolean deploy,
        Optional<EvmAddress> payTo,
        BigInteger maxExposure,
        List<ModelPrice> prices) {
    /** With the prices of the catalog. */
    public Payments(
            boolean free, Optional<String> chainUrl, long chainId, boolean deploy, Optional<EvmAddress> payTo, BigInteger maxExposure) {
        this(free, chainUrl, chainId, deploy, payTo, maxExposure, List.of());
    }

    /** @throws ConfigException if a value cannot be used */
    public Payments {
        prices = List.copyOf(prices);
        if (chainId < 1) {
            throw new ConfigException("--chain-id must be positive, got " + chainId);
        }
        chainUrl.ifPresent(Payments::requireHttp);
        if (maxExposure.signum() <= 0) {
            throw new ConfigException("--max-exposure must be positive, got " + maxExposure);
        }
    }

    private static void requireHttp(String url) {
        URI read;
        try {
            read = new URI(url);
        } catch (URISyntaxException e) {
            throw new ConfigException("--chain is no URL: " + e.getMessage());
        }
        if (!Set.of("http", "https").contains(String.valueOf(read.getScheme()).toLowerCase(Locale.ROOT)) || read.getHost() == null) {
            throw new ConfigException("--chain must be a JSON-RPC endpoint such as http://127.0.0.1:8545, got " + url);
        }
    }
}
