package dev.candor.client.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of each check.
 *
 * @param verified no check failed, and all that must be ok are
 * @param summary  one sentence for people; says what software Evidence does not prove
 */
public record VerificationReport(boolean verified, String summary, List<Check> checks) {
    static VerificationReport of(List<Check> checks, boolean receiptOnly, String qualification) {
        boolean verified = checks.stream().allMatch(check -> check.name().satisfiedBy(check.result(), receiptOnly));
        String summary = verified ? "verified" + qualification : "NOT verified: " + unmet(checks, receiptOnly);
        return new VerificationReport(verified, summary, List.copyOf(checks));
    }

    private static String unmet(List<Check> checks, boolean receiptOnly) {
        return checks.stream()
                .filter(check -> !check.name().satisfiedBy(check.result(), receiptOnly))
                .map(check -> check.name().label() + " " + check.result().wire() + " (" + check.detail() + ")")
                .collect(Collectors.joining("; "));
    }

    /** {@code {"verified","summary","checks":[{"name","result","detail"}]}}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("verified", verified).put("summary", summary);
        var list = json.putArray("checks");
        for (Check check : checks) {
            list.addObject()
                    .put("name", check.name().label())
                    .put("result", check.result().wire())
                    .put("detail", check.detail());
        }
        return json;
    }
}
