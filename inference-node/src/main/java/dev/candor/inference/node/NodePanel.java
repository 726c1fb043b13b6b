package dev.candor.inference.node;

import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.inference.config.CandorHome;
import dev.candor.inference.http.NodeIdentity;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a person is shown when the node has started.
 *
 * @param prices for each model; empty where its requests are free
 * @param wallet the demo wallet
 * @param memory for keys and values, of each chat model
 * @param memoryTotal bytes of them all at most; 0 if there is no bound
 * @param next what to try
 */
public record NodePanel(
        String url,
        List<NodeModel> models,
        List<Optional<Price>> prices,
        NodeIdentity identity,
        Attestation attestation,
        EvmAddress receiptKey,
        EvmAddress wallet,
        long chainId,
        URI rpc,
        boolean devChain,
        CandorHome home,
        List<KvLedger.Share> memory,
        long memoryTotal,
        NextSteps next) {
    /** The beginning of the panel's last part; when it is read, the node answers requests. */
    public static final String END = "Try next:";

    private static final int DECIMALS = 18;
    private static final int MIB_BITS = 20;
    private static final int MILLION = 1_000_000;

    NodePanel(
            String url,
            List<NodeModel> models,
            PriceBook prices,
            NodeIdentity identity,
            NodeAttestation attestation,
            EvmAddress wallet,
            NodeChain chain,
            CandorHome home,
            KvLedger memory,
            boolean requireKey) {
        this(
                url,
                models,
                models.stream().map(model -> prices.current(model.name().toString())).toList(),
                identity,
                attestation.attestation(),
                attestation.key().address(),
                wallet,
                chain.id(),
                chain.client().endpoint(),
                chain.devChain().isPresent(),
                home,
                memory.shares(),
                memory.total(),
                new NextSteps(url, home, requireKey));
    }

    /** The panel as text. */
    public String text() {
        return """

                Candor %s is ready.

                  OpenAI API   %s/v1
                %s
                  node         %s, receipt key %s
                  evidence     %s: %s
                  chain        %s %d at %s
                  log          %s/log/checkpoint
                  wallet       %s (in %s)

                %s
                %s
                """
                .formatted(
                        identity.version(),
                        url,
                        modelLines(),
                        identity.nodeId(),
                        receiptKey,
                        attestation.evidence().kind(),
                        attestation.evidence().hardware()
                                ? "hardware"
                                : "proves nothing about this machine, only who holds the receipt key",
                        devChain ? "dev chain" : "chain",
                        chainId,
                        rpc,
                        url,
                        wallet,
                        home.walletKey(),
                        END,
                        next.text());
    }

    private String modelLines() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < models.size(); i++) {
            NodeModel model = models.get(i);
            lines.append("  model        %s (%s, %s)%n".formatted(model.name(), model.title(), model.form()));
            lines.append("  price        %s%n".formatted(prices.get(i).map(NodePanel::words).orElse("free")));
            memory.stream().filter(share -> share.model().equals(model.name().toString())).forEach(share -> lines.append(words(share)));
        }
        if (memory.size() > 1 && memoryTotal > 0) {
            lines.append("  memory       %d of %d MiB for keys and values are promised to the %d chat models%n".formatted(
                    memory.stream().mapToLong(KvLedger.Share::bytes).sum() >> MIB_BITS, memoryTotal >> MIB_BITS, memory.size()));
        }
        return lines.toString().stripTrailing();
    }

    private static String words(KvLedger.Share share) {
        String context = share.cut()
                ? "context cut to %d of %d tokens, more by --kv-memory".formatted(share.context(), share.wantedContext())
                : "context %d tokens".formatted(share.context());
        return "  memory       up to %d MiB for keys and values, %s%n".formatted(share.bytes() >> MIB_BITS, context);
    }

    private static String words(Price price) {
        String input = perMillion(price.input()) + " OPG per million prompt tokens";
        return price.output().signum() == 0 ? input : input + ", " + perMillion(price.output()) + " OPG per million answer tokens";
    }

    private static String perMillion(BigInteger units) {
        return new BigDecimal(units.multiply(BigInteger.valueOf(MILLION)), DECIMALS).stripTrailingZeros().toPlainString();
    }
}
