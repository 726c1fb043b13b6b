package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.client.pay.PaymentException;
import dev.candor.client.pay.WalletFile;
import dev.candor.client.sdk.ExchangeOutcome;
import dev.candor.client.sdk.NodeException;
import dev.candor.inference.config.CandorHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says in one line why a node refused, and what the wallet lacks if it was for that.
 *
 * @param file   where the wallet's key is looked for
 * @param wallet its account, if there is one
 */
record Refusal(Path file, Optional<EvmAddress> wallet) {
    private static final int PAYMENT_REQUIRED = 402;

    /** What a command ends with when the node refused. */
    static NodeException exception(CandorHome home, ExchangeOutcome.Refused refused) throws PaymentException {
        Path file = home.walletKey();
        Refusal refusal = new Refusal(file, new WalletFile(file).read().map(Secp256k1KeyPair::address));
        return new NodeException(refusal.line(refused.answer().status(), refused.answer().body()));
    }

    /** @param body the node's answer, which need not be JSON */
    String line(int status, byte[] body) {
        JsonNode error = error(body);
        String said = error.path("message").asText("no reason given");
        String detail = error.path("detail").asText("");
        String line = "the node refused (" + status + "): " + said + (detail.isEmpty() ? "" : " (" + detail + ")");
        return status == PAYMENT_REQUIRED ? line + advice(error.path("reason").asText("")) : line;
    }

    private String advice(String reason) {
        if (wallet.isEmpty()) {
            return "; there is no wallet in " + file + ", ./candor up makes one and funds it on its dev chain";
        }
        String account = "; wallet " + wallet.get().checksummed();
        return switch (reason) {
            case "permit2_insufficient_balance" -> account + " has too little OPG on this chain: send it some";
            case "permit2_allowance_required" -> account + " has not approved Permit2 for its OPG on this chain: approve it,"
                    + " or start a node of your own there with --deploy";
            default -> "";
        };
    }

    private static JsonNode error(byte[] body) {
        try {
            JsonNode answer = new ObjectMapper().readTree(body);
            return answer.path("error");
        } catch (IOException e) {
            return new ObjectMapper().createObjectNode().put("message", "its answer is not JSON");
        }
    }
}
