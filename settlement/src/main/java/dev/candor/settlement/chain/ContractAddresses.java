package dev.candor.settlement.chain;

import dev.candor.attestation.crypto.EvmAddress;
import java.util.Optional;

/**
 * Where the contracts of one chain are.
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
}
