package dev.candor.client.examples;

import dev.candor.client.CandorClient;
import dev.candor.client.api.ChatRequest;
import dev.candor.client.api.InferenceMode;
import dev.candor.client.api.SettlementMode;
import dev.candor.client.error.NodeErrorException;
import dev.candor.client.error.SpendingLimitExceededException;
import dev.candor.client.error.UnverifiedAnswerException;
import dev.candor.client.pay.SpendingLimits;
import java.nio.file.Path;
import java.time.Duration;

/** Examples of clients that are set up with care, as the Javadoc shows them. */
public final class SetupExample {
    private SetupExample() {}

    public static CandorClient client(String node, Path home, String model, String digest) {
        // @start region="setup"
        CandorClient candor = CandorClient.connect(node)
                .wallet(home.resolve("wallet.key"))
                .home(home)
                .limits(SpendingLimits.standard().withPerRequest("0.01").withPerDay("1").withPerHost("0.5"))
                .modelDigest(model, digest)
                .mode(InferenceMode.TEE)
                .settlement(SettlementMode.ON_LOG)
                .timeout(Duration.ofMinutes(2))
                .build();
        // @end
        return candor;
    }

    // @start region="failures"
    public static String failClosed(CandorClient candor, ChatRequest request) {
        try {
            return candor.chat(request).text();
        } catch (UnverifiedAnswerException e) {
            return "not proven: " + e.report().map(report -> report.summary()).orElse(e.getMessage());
        } catch (SpendingLimitExceededException e) {
            return "too dear, nothing was signed: " + e.asked() + " of " + e.allowed();
        } catch (NodeErrorException e) {
            return e.status() + " " + e.code().orElse("") + " " + e.requestId().orElse("");
        }
    }
    // @end
}
