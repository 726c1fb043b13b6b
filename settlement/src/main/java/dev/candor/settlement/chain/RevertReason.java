package dev.candor.settlement.chain;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.web3j.crypto.Hash;

/** Gives the errors of the contracts in use a name. */
final class RevertReason {
    private static final int MAX_TEXT = 200;
    private static final String ERROR = "0x08c379a0";
    private static final Map<String, String> NAMES = List.of(
                    "InvalidDestination()",
                    "InvalidOwner()",
                    "InvalidAmount()",
                    "InvalidAmount(uint256)",
                    "PaymentTooEarly()",
                    "Permit2612AmountMismatch()",
                    "AmountExceedsPermitted()",
                    "UnauthorizedFacilitator()",
                    "ReentrancyGuardReentrantCall()",
                    "InvalidNonce()",
                    "SignatureExpired(uint256)",
                    "InvalidSigner()",
                    "InvalidSignature()",
                    "InvalidSignatureLength()",
                    "InvalidContractSignature()",
                    "SizeNotGrown(uint64,uint64)",
                    "ERC20InsufficientBalance(address,uint256,uint256)",
                    "ERC20InsufficientAllowance(address,uint256,uint256)",
                    "ERC3009InvalidSignature()",
                    "ERC3009InvalidAuthorizationTime(uint256,uint256)",
                    "ERC3009UsedAuthorization(address,bytes32)",
                    "ERC2612ExpiredSignature(uint256)",
                    "ERC2612InvalidSigner(address,address)",
                    "Panic(uint256)")
            .stream()
            .collect(Collectors.toUnmodifiableMap(RevertReason::selector, Function.identity()));

    private RevertReason() {}

    /** The error's name, or its text, for revert data of any form; never empty, at most a line. */
    static String of(String data) {
        if (data.length() < 10) {
            return "reverted without a reason";
        }
        String selector = data.substring(0, 10);
        if (selector.equals(ERROR)) {
            return text(data);
        }
        String name = NAMES.get(selector);
        return name == null ? "reverted with " + selector : name.substring(0, name.indexOf('('));
    }

    private static String text(String data) {
        int from = 10 + 128;
        if (data.length() <= from || data.length() % 2 != 0) {
            return "reverted without a reason";
        }
        byte[] bytes = HexFormat.of().parseHex(data, from, data.length());
        String text = new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "");
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    private static String selector(String signature) {
        return Hash.sha3String(signature).substring(0, 10);
    }
}
