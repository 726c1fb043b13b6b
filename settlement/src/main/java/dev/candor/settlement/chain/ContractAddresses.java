package dev.candor.settlement.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.crypto.EvmAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.web3j.crypto.Keys;

/**
 * Where the contracts of one chain are. As JSON: {@code {"opg","anchor","permit2","uptoProxy","exactProxy"}}, EIP-55 texts.
 *
 * @param chainId    EIP-155 chain id
 * @param opg        the token payments are made in
 * @param anchor     {@code ReceiptAnchor}, absent where none is deployed
 * @param permit2    Uniswap's Permit2
 * @param uptoProxy  x402's proxy of the scheme {@code upto}
 * @param exactProxy x402's proxy of the scheme {@code exact}
 */
public record ContractAddresses(
        long chainId,
        EvmAddress opg,
        Optional<EvmAddress> anchor,
        EvmAddress permit2,
        EvmAddress uptoProxy,
        EvmAddress exactProxy) {
    /** Permit2 has one address on every chain. */
    public static final EvmAddress PERMIT2 = EvmAddress.parse("0x000000000022D473030F116dDEE9F6B43aC78BA3");

    /** x402's proxy of the scheme {@code upto} has one address on every chain. */
    public static final EvmAddress UPTO_PROXY = EvmAddress.parse("0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002");

    /** x402's proxy of the scheme {@code exact} has one address on every chain. */
    public static final EvmAddress EXACT_PROXY = EvmAddress.parse("0x402085c248EeA27D92E8b30b2C58ed07f9E20001");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> MEMBERS = Set.of("opg", "anchor", "permit2", "uptoProxy", "exactProxy");

    /** The addresses that this build carries for {@code chainId} in {@code contracts/addresses/<chainId>.json}, if any. */
    public static Optional<ContractAddresses> builtIn(long chainId) {
        try (InputStream in = ContractAddresses.class.getResourceAsStream("/contracts/addresses/" + chainId + ".json")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(parse(chainId, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the addresses of chain " + chainId, e);
        }
    }

    /** @throws IllegalArgumentException saying which member is wrong */
    public static ContractAddresses parse(long chainId, String json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the contract addresses are not JSON: " + e.getOriginalMessage(), e);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("the contract addresses are not a JSON object");
        }
        tree.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException("unknown contract '" + name + "'; known are " + MEMBERS);
            }
        });
        return new ContractAddresses(
                chainId,
                address(tree, "opg").orElseThrow(() -> new IllegalArgumentException("the address of 'opg' is missing")),
                address(tree, "anchor"),
                address(tree, "permit2").orElse(PERMIT2),
                address(tree, "uptoProxy").orElse(UPTO_PROXY),
                address(tree, "exactProxy").orElse(EXACT_PROXY));
    }

    private static Optional<EvmAddress> address(JsonNode tree, String name) {
        JsonNode value = tree.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || !value.textValue().matches("0x[0-9a-fA-F]{40}")) {
            throw new IllegalArgumentException("the address of '" + name + "' is not 0x and 40 hexadecimal digits");
        }
        return Optional.of(EvmAddress.parse(value.textValue()));
    }

    /** The JSON form, with EIP-55 addresses. */
    public String json() {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("opg", checksummed(opg));
        tree.put("anchor", anchor.map(ContractAddresses::checksummed).orElse(null));
        tree.put("permit2", checksummed(permit2));
        tree.put("uptoProxy", checksummed(uptoProxy));
        tree.put("exactProxy", checksummed(exactProxy));
        return tree.toPrettyString() + "\n";
    }

    private static String checksummed(EvmAddress address) {
        return Keys.toChecksumAddress(address.value());
    }
}
