package dev.candor.settlement.chain;

/** Hands a signed transaction to a chain. */
@FunctionalInterface
interface RawSender {
    /** @param raw the wire form, {@code 0x} and hexadecimal digits */
    void send(String raw) throws ChainException;
}
