package dev.candor.attestation.receipt;

import dev.candor.attestation.cbor.Cbor;
import dev.candor.attestation.digest.Digest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The payload map of a receipt. Every part has its own map, so that a field's name is read within its part. */
final class ReceiptPayload {
    private static final int NAME = 256;
    private static final int STOP = 4096;
    private static final String UNPAID = "none";
    private static final Set<String> FORMATS = Set.of(OutputBinding.SSE, OutputBinding.JSON, OutputBinding.RAW);

    private ReceiptPayload() {}

    static Cbor.Map write(Receipt receipt) {
        MapBuilder out = new MapBuilder()
                .integer("v", ReceiptCodec.VERSION)
                .text("mode", receipt.verification().wire())
                .put("req", write(receipt.request()))
                .put("mdl", new MapBuilder().text("name", receipt.model().name()).digest("dig", receipt.model().digest()).build())
                .put("run", write(receipt.runtime()))
                .put("smp", write(receipt.sampling()))
                .put("out", write(receipt.output()))
                .put("use", write(receipt.usage()))
                .put("pay", receipt.payment().<Cbor>map(ReceiptPayload::write).orElse(new Cbor.Text(UNPAID)))
                .put("evd", write(receipt.evidence()));
        receipt.clientNonce().ifPresent(nonce -> out.bytes("nonce", HexFormat.of().parseHex(nonce)));
        return out.build();
    }

    private static Cbor.Map write(RequestBinding request) {
        return new MapBuilder().text("path", request.path()).digest("body", request.body()).digest("eff", request.effective()).build();
    }

    private static Cbor.Map write(RuntimeBinding runtime) {
        return new MapBuilder()
                .text("node", runtime.node())
                .digest("bld", runtime.build())
                .text("ort", runtime.onnxRuntime())
                .text("ep", runtime.executionProvider())
                .text("form", runtime.precision())
                .text("cls", runtime.determinismClass())
                .build();
    }

    private static Cbor.Map write(SamplingBinding sampling) {
        return new MapBuilder()
                .real("t", sampling.temperature())
                .real("tp", sampling.topP())
                .integer("tk", sampling.topK())
                .real("mp", sampling.minP())
                .real("fp", sampling.frequencyPenalty())
                .real("pp", sampling.presencePenalty())
                .real("rp", sampling.repetitionPenalty())
                .integer("seed", sampling.seed())
                .integer("max", sampling.maxTokens())
                .texts("stop", sampling.stop())
                .build();
    }

    private static Cbor.Map write(OutputBinding output) {
        return new MapBuilder()
                .digests("tok", output.tokens())
                .digest("cho", output.choices())
                .digest("body", output.body())
                .text("fmt", output.format())
                .build();
    }

    private static Cbor.Map write(UsageBinding usage) {
        return new MapBuilder()
                .integer("in", usage.promptTokens())
                .integer("hit", usage.cachedTokens())
                .integer("out", usage.completionTokens())
                .texts("fin", usage.finishReasons())
                .build();
    }

    private static Cbor.Map write(PaymentBinding payment) {
        return new MapBuilder()
                .text("sch", payment.scheme())
                .text("net", payment.network())
                .address("ast", payment.asset())
                .address("from", payment.payer())
                .address("to", payment.payTo())
                .amount("cap", payment.cap())
                .amount("chg", payment.charged())
                .amount("nce", payment.nonce())
                .amount("pin", payment.inputPrice())
                .amount("pout", payment.outputPrice())
                .build();
    }

    private static Cbor.Map write(EvidenceBinding evidence) {
        MapBuilder out = new MapBuilder().text("kind", evidence.kind()).digest("cpu", evidence.cpu()).digest("pol", evidence.policy());
        evidence.gpu().ifPresent(gpu -> out.digest("gpu", gpu));
        return out.build();
    }

    static Receipt read(Cbor payload, ReceiptId id, String issuer, Instant issuedAt) throws ReceiptVerificationException {
        FieldReader in = new FieldReader(payload, "payload");
        long version = in.integer("v", 0, Integer.MAX_VALUE);
        if (version != ReceiptCodec.VERSION) {
            throw new ReceiptVerificationException("the receipt has version " + version + ", this program reads " + ReceiptCodec.VERSION);
        }
        Receipt receipt = new Receipt(
                id,
                issuer,
                issuedAt,
                readMode(in),
                readRequest(in.map("req")),
                readModel(in.map("mdl")),
                readRuntime(in.map("run")),
                readSampling(in.map("smp")),
                readOutput(in.map("out")),
                readUsage(in.map("use")),
                readPayment(in),
                readEvidence(in.map("evd")),
                readNonce(in));
        in.end();
        return receipt;
    }

    private static Verification readMode(FieldReader in) throws ReceiptVerificationException {
        String mode = in.text("mode", NAME);
        for (Verification verification : Verification.values()) {
            if (verification.wire().equals(mode)) {
                return verification;
            }
        }
        throw in.wrong("mode", "none, tee or replay");
    }

    private static RequestBinding readRequest(FieldReader in) throws ReceiptVerificationException {
        RequestBinding request = new RequestBinding(in.text("path", NAME), in.digest("body"), in.digest("eff"));
        in.end();
        return request;
    }

    private static ModelBinding readModel(FieldReader in) throws ReceiptVerificationException {
        ModelBinding model = new ModelBinding(in.text("name", NAME), in.digest("dig"));
        in.end();
        return model;
    }

    private static RuntimeBinding readRuntime(FieldReader in) throws ReceiptVerificationException {
        RuntimeBinding runtime = new RuntimeBinding(
                in.text("node", NAME), in.digest("bld"), in.text("ort", NAME), in.text("ep", NAME), in.text("form", NAME), in.text("cls", NAME));
        in.end();
        return runtime;
    }

    private static SamplingBinding readSampling(FieldReader in) throws ReceiptVerificationException {
        SamplingBinding sampling = new SamplingBinding(
                in.real("t"),
                in.real("tp"),
                in.count("tk"),
                in.real("mp"),
                in.real("fp"),
                in.real("pp"),
                in.real("rp"),
                in.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                in.count("max"),
                in.texts("stop", STOP));
        in.end();
        return sampling;
    }

    private static OutputBinding readOutput(FieldReader in) throws ReceiptVerificationException {
        OutputBinding output = new OutputBinding(in.digests("tok"), in.digest("cho"), in.digest("body"), in.text("fmt", NAME));
        if (!FORMATS.contains(output.format())) {
            throw in.wrong("fmt", "sse, json or raw");
        }
        in.end();
        return output;
    }

    private static UsageBinding readUsage(FieldReader in) throws ReceiptVerificationException {
        UsageBinding usage = new UsageBinding(in.count("in"), in.count("hit"), in.count("out"), in.texts("fin", NAME));
        in.end();
        return usage;
    }

    private static Optional<PaymentBinding> readPayment(FieldReader payload) throws ReceiptVerificationException {
        Cbor value = payload.required("pay");
        if (value.equals(new Cbor.Text(UNPAID))) {
            return Optional.empty();
        }
        FieldReader in = new FieldReader(value, "payload.pay");
        PaymentBinding payment = new PaymentBinding(
                in.text("sch", NAME),
                in.text("net", NAME),
                in.address("ast"),
                in.address("from"),
                in.address("to"),
                in.amount("cap"),
                in.amount("chg"),
                in.amount("nce"),
                in.amount("pin"),
                in.amount("pout"));
        in.end();
        return Optional.of(payment);
    }

    private static EvidenceBinding readEvidence(FieldReader in) throws ReceiptVerificationException {
        String kind = in.text("kind", NAME);
        Digest cpu = in.digest("cpu");
        Optional<Cbor> gpu = in.optional("gpu");
        Optional<Digest> gpuDigest = gpu.isPresent() ? Optional.of(Digest.of(in.bytes("gpu", gpu.get(), 32, 32))) : Optional.empty();
        EvidenceBinding evidence = new EvidenceBinding(kind, cpu, gpuDigest, in.digest("pol"));
        in.end();
        return evidence;
    }

    private static Optional<String> readNonce(FieldReader in) throws ReceiptVerificationException {
        Optional<Cbor> nonce = in.optional("nonce");
        if (nonce.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = in.bytes("nonce", nonce.get(), ClientNonce.MIN_BYTES, ClientNonce.MAX_BYTES);
        return Optional.of(HexFormat.of().formatHex(bytes));
    }
}
