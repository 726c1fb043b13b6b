package dev.candor.settlement.scheme;

import java.math.BigInteger;
import java.util.HexFormat;

/**
 * ABI encoding of the upto proxy's {@code settle(((address,uint256),uint256,uint256),uint256,address,(address,address,uint256),bytes)}:
 * ten words, the last of which points at the signature behind them.
 */
final class UptoSettleCall {
    private static final byte[] SELECTOR = HexFormat.of().parseHex("ff11e7b4");
    private static final int HEAD = 10 * 32;

    private UptoSettleCall() {}

    static byte[] encode(UptoAuthorization authorization, BigInteger amount) {
        return new AbiWords()
                .raw(SELECTOR)
                .address(authorization.token())
                .number(authorization.cap())
                .number(authorization.nonce())
                .number(authorization.deadline())
                .number(amount)
                .address(authorization.payer())
                .address(authorization.to())
                .address(authorization.facilitator())
                .number(authorization.validAfter())
                .number(HEAD)
                .dynamicBytes(authorization.signature())
                .bytes();
    }
}
