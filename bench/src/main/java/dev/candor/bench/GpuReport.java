package dev.candor.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table of what {@code bench gpu} measured; a setting that failed has its reason. */
final class GpuReport {
    /**
     * One model in one form.
     *
     * @param determinism class of the runs
     * @param elsewhere   nodes of the graph that do not run on the device, by execution provider
     */
    private record Row(String model, String form, boolean graphs, String determinism, double openMillis, Map<String, Integer> elsewhere, GpuBench.Result result) {}

    private final GpuPlan plan;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    GpuReport(GpuPlan plan) {
        this.plan = plan;
    }

    void add(
            String model, String form, boolean graphs, String determinism, double openMillis, Map<String, Integer> elsewhere, GpuBench.Result result) {
        rows.add(new Row(model, form, graphs, determinism, openMillis, elsewhere, result));
    }

    void fail(String model, String form, boolean graphs, String reason) {
        failures.add(model + " " + form + (graphs ? " with graphs: " : ": ") + reason);
    }

    boolean empty() {
        return rows.isEmpty();
    }

    String text() {
        StringBuilder text = new StringBuilder(String.format(
                "medians of %d rounds of %d tokens after %d; decode and prefill in tok/s of all streams, TTFT in ms of one idle prompt%n%n",
                plan.rounds(), plan.tokens(), plan.context()));
        text.append(String.format("%-14s %-7s %-6s", "model", "form", "graphs"));
        plan.streams().forEach(streams -> text.append(String.format(" %9s", "B" + streams)));
        plan.prompts().forEach(prompt -> text.append(String.format(" %9s %9s", "pp" + prompt, "TTFT" + prompt)));
        text.append(String.format(" %9s  %s%n", "open ms", "nodes elsewhere"));
        for (Row row : rows) {
            text.append(String.format("%-14s %-7s %-6s", row.model, row.form, row.graphs ? "on" : "off"));
            plan.streams().forEach(streams -> text.append(String.format(" %9.1f", row.result.decodeRate(streams))));
            plan.prompts().forEach(prompt ->
                    text.append(String.format(" %9.0f %9.2f", row.result.prefillRate(prompt), row.result.prefillMillis().get(prompt))));
            text.append(String.format(" %9.0f  %s%n", row.openMillis, row.elsewhere.isEmpty() ? "none" : row.elsewhere));
        }
        failures.forEach(failure -> text.append("not measured: ").append(failure).append(System.lineSeparator()));
        return text.toString();
    }

    ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (Row row : rows) {
            ObjectNode node = json.addObject()
                    .put("model", row.model)
                    .put("form", row.form)
                    .put("graphs", row.graphs)
                    .put("determinism", row.determinism)
                    .put("openMillis", row.openMillis);
            ObjectNode elsewhere = node.putObject("nodesElsewhere");
            row.elsewhere.forEach(elsewhere::put);
            ObjectNode decode = node.putObject("decodeStepMillis");
            row.result.stepMillis().forEach((streams, millis) -> decode.put(Integer.toString(streams), millis));
            ObjectNode prefill = node.putObject("prefillMillis");
            row.result.prefillMillis().forEach((prompt, millis) -> prefill.put(Integer.toString(prompt), millis));
        }
        failures.forEach(failure -> json.addObject().put("failure", failure));
        return json;
    }
}
