package dev.candor.bench.peers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.bench.Machine;
import dev.candor.hub.quality.QualityReport;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** The tables, as Markdown and as JSON. */
final class PeersReport {
    private final Machine machine;
    private final Plan plan;
    private final Outcome outcome;
    private final Map<Peer, String> skipped;
    private final int qualityTokens;
    private final List<Goal> goals;

    /** @param skipped with the reasons. @param qualityTokens over which quality was measured */
    PeersReport(Machine machine, Plan plan, Outcome outcome, Map<Peer, String> skipped, int qualityTokens) {
        this.machine = machine;
        this.plan = plan;
        this.outcome = outcome;
        this.skipped = skipped;
        this.qualityTokens = qualityTokens;
        this.goals = new Goals(outcome).all();
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# candor bench peers\n\n" + machine.text().replace("\n", "  \n") + "\n\n");
        text.append(String.format(
                "%d rounds in turns; medians. All over HTTP as a client sees it, greedy, equal work (`ignore_eos`), unseen prompts; langchain4j in-process.%n"
                        + "Quality is against the same weights in 32-bit floats, over %d tokens of English.%n",
                plan.rounds(), qualityTokens));
        chat(text);
        embeddings(text);
        text.append("\n## Goals\n\n| goal | measured | |\n|---|---|---|\n");
        goals.forEach(goal -> text.append("| ").append(goal.what()).append(" | ").append(goal.value()).append(" | ").append(goal.verdict()).append(" |\n"));
        text.append("\n## What was measured\n\n");
        outcome.peers().forEach(peer -> text.append("- **").append(peer.name()).append("**: ").append(peer.profile().description()).append('\n'));
        skipped.forEach((peer, why) -> text.append("- **").append(peer.name()).append("** skipped: ").append(why.replace('\n', ' ')).append('\n'));
        return text.toString();
    }

    private void chat(StringBuilder text) {
        if (outcome.peers().stream().noneMatch(Peer::chats)) {
            return;
        }
        text.append("\n## Chat\n\n| | KL | top-1 |");
        plan.streams().forEach(streams -> text.append(" decode tok/s, ").append(streams).append(streams == 1 ? " stream |" : " streams |"));
        text.append(" prefill tok/s at 512 | TTFT p50 / p99 ms, 8 clients | p99 ms between tokens, 4 streams: alone / beside a 4k prompt | MiB resident |\n");
        text.append("|---|---|---|").append("---|".repeat(plan.streams().size() + 4)).append('\n');
        outcome.peers().stream().filter(Peer::chats).forEach(peer -> {
            QualityReport quality = outcome.quality().get(peer.name());
            text.append("| ").append(peer.name()).append(" | ")
                    .append(quality == null ? "not measured | –" : String.format("%.4f | %.3f", quality.divergence(), quality.topOne()))
                    .append(" | ");
            plan.streams().forEach(streams -> text.append(median(peer, Measures.decode(streams), "%.0f")).append(" | "));
            text.append(median(peer, Measures.PREFILL, "%.0f")).append(" | ")
                    .append(at(peer, Measures.FIRST, 0.5, "%.0f")).append(" / ").append(at(peer, Measures.FIRST, 0.99, "%.0f")).append(" | ")
                    .append(median(peer, Measures.QUIET, "%.1f")).append(" / ").append(median(peer, Measures.BUSY, "%.1f")).append(" | ")
                    .append(median(peer, Measures.RESIDENT, "%.0f")).append(" |\n");
        });
    }

    private void embeddings(StringBuilder text) {
        Predicate<Peer> embeds = Peer::embeds;
        if (outcome.peers().stream().noneMatch(embeds)) {
            return;
        }
        text.append("\n## Embeddings: requests a second (p50 / p99 ms)\n\n| |");
        for (int tokens : EmbeddingBench.LENGTHS) {
            for (int concurrency : EmbeddingBench.CONCURRENCY) {
                text.append(' ').append(EmbeddingBench.measure(concurrency, tokens)).append(" |");
            }
        }
        text.append(" least cosine to langchain4j | MiB resident |\n|---|").append("---|".repeat(EmbeddingBench.LENGTHS.size() * EmbeddingBench.CONCURRENCY.size() + 2)).append('\n');
        outcome.peers().stream().filter(embeds).forEach(peer -> {
            text.append("| ").append(peer.name()).append(" |");
            for (int tokens : EmbeddingBench.LENGTHS) {
                for (int concurrency : EmbeddingBench.CONCURRENCY) {
                    String measure = EmbeddingBench.measure(concurrency, tokens);
                    text.append(' ').append(median(peer, measure + " rps", "%.0f")).append(" (").append(at(peer, measure + " ms", 0.5, "%.1f"))
                            .append(" / ").append(at(peer, measure + " ms", 0.99, "%.1f")).append(") |");
                }
            }
            text.append(' ').append(median(peer, "cosine", "%.6f")).append(" | ").append(median(peer, Measures.RESIDENT, "%.0f")).append(" |\n");
        });
    }

    private String median(Peer peer, String measure, String format) {
        return at(peer, measure, 0.5, format);
    }

    private String at(Peer peer, String measure, double share, String format) {
        OptionalDouble value = outcome.figures().percentile(peer.name(), measure, share);
        return value.isPresent() ? String.format(format, value.getAsDouble()) : "–";
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("machine", machine.json());
        json.put("rounds", plan.rounds()).put("qualityTokens", qualityTokens);
        ObjectNode peers = json.putObject("peers");
        for (Peer peer : outcome.peers()) {
            ObjectNode one = peers.putObject(peer.name()).put("description", peer.profile().description());
            QualityReport quality = outcome.quality().get(peer.name());
            if (quality != null) {
                one.put("divergence", quality.divergence()).put("topOne", quality.topOne()).put("perplexityRatio", quality.perplexityRatio());
            }
            ObjectNode measures = one.putObject("measures");
            outcome.figures().all().getOrDefault(peer.name(), Map.of()).forEach((measure, values) -> measures.putObject(measure)
                    .put("count", values.size())
                    .put("p50", outcome.figures().percentile(peer.name(), measure, 0.5).orElseThrow())
                    .put("p99", outcome.figures().percentile(peer.name(), measure, 0.99).orElseThrow()));
        }
        ObjectNode absent = json.putObject("skipped");
        skipped.forEach((peer, why) -> absent.put(peer.name(), why));
        ArrayNode all = json.putArray("goals");
        goals.forEach(goal -> {
            ObjectNode one = all.addObject().put("goal", goal.what()).put("measured", goal.value());
            goal.met().ifPresent(met -> one.put("met", met));
        });
        return json;
    }
}
