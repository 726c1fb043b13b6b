package dev.candor.settlement.chain;

/**
 * The end of an account's chain of anchors.
 *
 * @param head  64 hexadecimal digits, zeros before the first anchor
 * @param count how many anchors there are
 * @param size  leaves of the last one
 */
public record AnchorHead(String head, long count, long size) {}
