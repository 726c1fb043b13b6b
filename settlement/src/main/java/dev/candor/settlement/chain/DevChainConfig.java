package dev.candor.settlement.chain;

import java.nio.file.Path;

/**
 * How to run a dev chain.
 *
 * @param anvil   the program
 * @param folder  where its state is kept
 * @param chainId EIP-155 chain id
 * @param port    port on 127.0.0.1, 0 for the one it had last, or any free one
 */
public record DevChainConfig(Path anvil, Path folder, long chainId, int port) {}
