package dev.candor.inference.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.evidence.SoftwareEvidence;
import dev.candor.inference.config.NodeConfig;
import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.http.ClientGuard;
import dev.candor.inference.http.DiskGuard;
import dev.candor.inference.http.NodeIdentity;
import dev.candor.inference.http.NodeProbe;
import dev.candor.inference.http.LoadedModel;
import dev.candor.inference.http.ModelControl;
import dev.candor.inference.http.Models;
import dev.candor.inference.metrics.NodeMetrics;
import dev.candor.settlement.anchor.Anchor;
import dev.candor.settlement.anchor.LogWriter;
import dev.candor.settlement.chain.ChainPresence;
import dev.candor.settlement.chain.OutboxStatus;
import dev.candor.settlement.ledger.Ledger;
import dev.candor.settlement.ledger.LedgerException;
import dev.candor.settlement.ledger.LedgerTotals;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What the node knows of itself, for {@code /readyz} and {@code candor status}. */
record NodeStatus(
        NodeConfig config,
        Instant started,
        NodeIdentity identity,
        NodeAttestation attestation,
        Models models,
        ModelControl control,
        KvLedger memory,
        NodeMetrics metrics,
        Ledger ledger,
        LogWriter log,
        NodeSettlement settlement,
        NodeChain chain,
        ChainPresence presence,
        ClientGuard guard,
        DiskGuard disk)
        implements NodeProbe {

    @Override
    public Optional<String> unready() {
        Optional<String> dead = models.dead();
        if (dead.isPresent()) {
            return Optional.of("the engine of " + dead.get() + " has died; restart the node");
        }
        try {
            ledger.leafCount();
            return log.failure()
                    .map(reason -> "the log cannot be written: " + reason)
                    .or(() -> disk.problem().map(problem -> "the disk is full: " + problem));
        } catch (LedgerException e) {
            return Optional.of("the ledger cannot be read: " + e.getMessage());
        }
    }

    @Override
    public ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("version", identity.version())
                .put("pid", ProcessHandle.current().pid())
                .put("started", started.toString())
                .put("node_id", identity.nodeId())
                .put("receipt_key", attestation.key().address().value())
                .put("ready", unready().isEmpty())
                .put("unready_reason", unready().orElse(null));
        addEvidence(status);
        addModels(status);
        status.put("requests", metrics.requests());
        status.set("access", guard.status());
        addMoney(status);
        addLog(status);
        addChain(status);
        return status;
    }

    private void addEvidence(ObjectNode status) {
        boolean hardware = attestation.attestation().evidence().hardware();
        status.putObject("evidence")
                .put("kind", identity.evidence().kind())
                .put("digest", identity.evidence().cpu().hex())
                .put("note", hardware ? null : SoftwareEvidence.NOTE);
    }

    private void addModels(ObjectNode status) {
        ArrayNode list = status.putArray("models");
        int running = 0;
        int waiting = 0;
        int slots = 0;
        double tokensPerSecond = 0;
        long generated = 0;
        for (LoadedModel model : models.all()) {
            EngineStats load = model.engine().stats();
            list.add(view(model, load, memory.share(model.binding().name())));
            running += load.running();
            waiting += load.waiting();
            slots += model.engine().info().slots();
            tokensPerSecond += load.tokensPerSecond();
            generated += load.generatedTokens();
        }
        ArrayNode absent = status.putArray("unloaded_models");
        control.index().stream().filter(entry -> entry.state() != ModelControl.State.READY).forEach(entry ->
                absent.addObject().put("id", entry.name()).put("state", entry.state().name().toLowerCase(Locale.ROOT)).put("reason", entry.reason()));
        if (memory.total() > 0) {
            status.putObject("kv_memory").put("limit_bytes", memory.total()).put("promised_bytes", memory.promised());
        }
        status.putObject("queue").put("running", running).put("waiting", waiting).put("slots", slots).put("max_waiting", config.limits().maxQueue());
        status.put("tokens_per_second", tokensPerSecond);
        status.put("generated_tokens", generated);
    }

    private static ObjectNode view(LoadedModel model, EngineStats load, Optional<KvLedger.Share> share) {
        ObjectNode view = JsonNodeFactory.instance.objectNode()
                .put("id", model.binding().name())
                .put("task", model.task())
                .put("digest", model.binding().digest().hex())
                .put("form", model.engine().info().precision())
                .put("context_length", model.engine().info().contextLength());
        share.filter(KvLedger.Share::cut).ifPresent(cut -> view.put("context_cut_from", cut.wantedContext()));
        view.putObject("load")
                .put("running", load.running())
                .put("waiting", load.waiting())
                .put("slots", model.engine().info().slots())
                .put("tokens_per_second", load.tokensPerSecond());
        if (load.kv().limit() > 0) {
            ObjectNode kv = view.putObject("kv_memory")
                    .put("limit_bytes", load.kv().limit())
                    .put("live_bytes", load.kv().live())
                    .put("used_bytes", load.kv().used())
                    .put("prefix_cache_bytes", load.prefixes().bytes());
            share.ifPresent(promised -> kv.put("promised_bytes", promised.bytes()));
        }
        return view;
    }

    private void addMoney(ObjectNode status) {
        LedgerTotals totals = ledger.totals();
        status.putObject("money")
                .put("asset", chain.addresses().opg().value())
                .put("earned", totals.settled().add(totals.unsettled()).toString())
                .put("reserved", totals.reserved().toString())
                .put("unsettled", totals.unsettled().toString())
                .put("settled", totals.settled().toString())
                .put("written_off", totals.writtenOff().toString())
                .put("max_exposure", config.payments().maxExposure().toString())
                .put("receipts", totals.receipts());
    }

    private void addLog(ObjectNode status) {
        status.putObject("log")
                .put("size", ledger.leafCount())
                .put("integrated", log.integratedSize())
                .put("root", log.lastCheckpoint().checkpoint().root().hex());
        Optional<Anchor> last = settlement.anchors().last();
        ObjectNode anchor = status.putObject("anchor");
        anchor.put("size", last.map(Anchor::size).orElse(0L))
                .put("transaction", last.map(Anchor::transaction).orElse(null))
                .put("block", last.map(Anchor::blockNumber).orElse(null))
                .put("made_at", last.map(found -> found.madeAt().toString()).orElse(null));
    }

    private void addChain(ObjectNode status) {
        OutboxStatus sending = settlement.outbox().status();
        Optional<String> absence = presence.trouble();
        status.putObject("chain")
                .put("id", chain.id())
                .put("rpc", chain.client().endpoint().toString())
                .put("embedded", chain.devChain().isPresent())
                .put("reachable", absence.isEmpty())
                .put("queued", sending.queued())
                .put("unconfirmed", sending.unconfirmed())
                .put("trouble", absence.or(sending::trouble).orElse(null));
    }
}
