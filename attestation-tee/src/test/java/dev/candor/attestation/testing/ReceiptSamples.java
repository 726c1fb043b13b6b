package dev.candor.attestation.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.StrictJson;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareAttester;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.EvidenceBinding;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.receipt.ReceiptVerificationException;
import dev.candor.attestation.receipt.RequestBinding;
import dev.candor.attestation.receipt.RuntimeBinding;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.attestation.receipt.Verification;
import dev.candor.attestation.tlog.LogKey;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's answers from fixed keys: the same bytes on every run. */
public final class ReceiptSamples {
    public static final String PATH = "/v1/chat/completions";

    private static final int[] TOKENS = {504, 10346, 314, 5437, 46500, 2};

    public final Secp256k1KeyPair key = Secp256k1KeyPair.of(seed("receipt key"));
    public final byte[] logSeed = seed("log key");
    public final LogKey logKey = LogKey.of(logSeed);
    public final Attestation attestation = new SoftwareAttester(key, Map.of("arch", "amd64", "os", "Linux 6.1")).attest(statement());

    /** One exchange: the request, the answer as it left the node, and the receipt in it. */
    public record Exchange(String name, byte[] request, Optional<String> nonce, Receipt receipt, byte[] cose, byte[] response) {}

    private static byte[] seed(String of) {
        return Digest.sha256(("candor receipt vectors: " + of).getBytes(StandardCharsets.UTF_8)).bytes();
    }

    private KeyStatement statement() {
        return new KeyStatement(
                logKey.nodeId(),
                KeyStatement.PURPOSE,
                HexFormat.of().formatHex(key.compressedPublicKey()),
                logKey.origin(),
                logKey.verifierKey().vkey(),
                Optional.of(EvmAddress.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")),
                Optional.of(31337L),
                Optional.of(EvmAddress.parse("0x5FbDB2315678afecb367f032d93F642f64180aa3")),
                Optional.empty(),
                "000102030405060708090a0b0c0d0e0f");
    }

    /** One of each kind. */
    public List<Exchange> all() {
        RouteSamples routes = new RouteSamples(this);
        return List.of(json(), stream(), event(), embedding(), rerank(), tensor(), replay(), routes.completion(), routes.completionStream(),
                routes.response(), routes.responseStream(), routes.tools());
    }

    /** An unstreamed answer, unpaid. */
    public Exchange json() {
        return whole("json", Verification.TEE, "");
    }

    /** An unstreamed answer that can be computed again. */
    public Exchange replay() {
        return whole("replay", Verification.REPLAY, ",\"verification\":\"replay\"");
    }

    private Exchange whole(String name, Verification verification, String more) {
        byte[] request = utf8("{\"model\":\"smollm2-135m-instruct\",\"messages\":[{\"role\":\"user\",\"content\":\"What is the sea? \u00e9\u6d77\"}],"
                + "\"temperature\":0,\"max_tokens\":64" + more + "}");
        ObjectNode body = body();
        Receipt receipt = receipt(name, verification, request, Optional.empty(), false, output(() -> OutputBinding.ofBody(PATH, body, List.of(TOKENS))));
        byte[] cose = new ReceiptIssuer(key).sign(receipt);
        ReceiptAttachment attachment = attachment(receipt, cose, List.of(TOKENS));
        return new Exchange(name, request, Optional.empty(), receipt, cose, attachment.attachTo(body));
    }

    /** Two vectors, one of them in numbers that JSON writes in several ways, paid. */
    public Exchange embedding() {
        byte[] request = utf8("{\"model\":\"all-minilm-l6-v2\",\"input\":[\"What is the sea?\",\"\u00e9\u6d77\"],\"dimensions\":3,\"user\":null}");
        return data("embedding", "/v1/embeddings", request, Optional.empty(), true, "{\"object\":\"list\",\"data\":["
                + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.6,-8.0E-1,1.0E-7]},"
                + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[1.0,0.0,-0.0]}],"
                + "\"model\":\"sentence-transformers/all-minilm-l6-v2@1\",\"usage\":{\"prompt_tokens\":11,\"total_tokens\":11}}");
    }

    /** Documents in order, free, with a client nonce. */
    public Exchange rerank() {
        byte[] request = utf8("{\"model\":\"all-minilm-l6-v2\",\"query\":\"the sea\",\"documents\":[\"a desert\",{\"text\":\"an ocean\"}],\"top_n\":1}");
        return data("rerank", "/v1/rerank", request, Optional.of("00112233445566778899aabbccddeeff"), false, "{\"id\":\"rerank-1\","
                + "\"model\":\"sentence-transformers/all-minilm-l6-v2@1\",\"results\":[{\"index\":1,\"relevance_score\":0.75}],"
                + "\"usage\":{\"prompt_tokens\":11,\"total_tokens\":11}}");
    }

    private Exchange data(String name, String path, byte[] request, Optional<String> nonce, boolean paid, String answer) {
        ObjectNode body = parse(answer);
        ModelBinding model = new ModelBinding("sentence-transformers/all-minilm-l6-v2@1", Digest.sha256(utf8("the encoder's manifest")));
        Receipt receipt = tokenless(name, path, request, model, output(() -> OutputBinding.ofBody(path, body, List.of())), 11, paid, nonce);
        byte[] cose = new ReceiptIssuer(key).sign(receipt);
        ReceiptAttachment attachment = new ReceiptAttachment(
                receipt.id(), cose, List.of(), receipt.payment().map(payment -> "pay_1"), receipt.payment().map(PaymentBinding::charged), Optional.empty());
        return new Exchange(name, request, nonce, receipt, cose, attachment.attachTo(body));
    }

    /** A tensor in bytes behind the JSON, both ways; the receipt is not within the answer. Paid. */
    public Exchange tensor() {
        byte[] tensor = {0, 0, -128, 63, 0, 0, -64, 127};
        byte[] request = join("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2],\"parameters\":{\"binary_data_size\":8}}]}", tensor);
        byte[] answer = join("{\"model_name\":\"local/same\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[2],"
                + "\"parameters\":{\"binary_data_size\":8}}]}", tensor);
        String path = "/v2/models/local%2Fsame/versions/1/infer";
        ModelBinding model = new ModelBinding("local/same@1", Digest.sha256(utf8("the graph's manifest")));
        Receipt receipt = tokenless("tensor", path, request, model, OutputBinding.ofRaw(answer), 1, true, Optional.empty());
        return new Exchange("tensor", request, Optional.empty(), receipt, new ReceiptIssuer(key).sign(receipt), answer);
    }

    private Receipt tokenless(
            String name, String path, byte[] request, ModelBinding model, OutputBinding output, int units, boolean paid, Optional<String> nonce) {
        return new Receipt(
                ReceiptId.of(Arrays.copyOf(seed("receipt " + name), 16)),
                attestation.statement().nodeId(),
                Instant.ofEpochSecond(1763726400),
                Verification.TEE,
                new RequestBinding(path, Digest.sha256(request), effective(path, request, model, SamplingBinding.none(), Verification.TEE)),
                model,
                new RuntimeBinding("0.1.0", Digest.sha256(utf8("the node's program files")), "1.29.0", "cpu", "fp32", "cpu-x86_64-fp32-v1"),
                SamplingBinding.none(),
                output,
                new UsageBinding(units, 0, 0, List.of()),
                paid ? Optional.of(payment(units, 0)) : Optional.empty(),
                new EvidenceBinding("software", attestation.evidence().digest(), Optional.empty(), AppraisalPolicy.standard().digest()),
                nonce);
    }

    private static byte[] join(String json, byte[] tensor) {
        byte[] head = utf8(json);
        byte[] all = Arrays.copyOf(head, head.length + tensor.length);
        System.arraycopy(tensor, 0, all, head.length, tensor.length);
        return all;
    }

    /** A streamed answer, paid, with a client nonce; the receipt in comments. */
    public Exchange stream() {
        return stream("stream", false);
    }

    /** A streamed answer, the receipt in a named event. */
    public Exchange event() {
        return stream("event", true);
    }

    private Exchange stream(String name, boolean asEvent) {
        byte[] request = utf8("{\"model\":\"huggingfacetb/smollm2-135m-instruct@1\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"role\":\"user\",\"content\":\"What is the sea?\"}],\"stream\":true,\"seed\":9007199254740993,\"stop\":[\"\\n\\n\"],"
                + "\"temperature\":0.7,\"top_p\":0.9,\"max_tokens\":512,\"verification\":\"tee\"}");
        Optional<String> nonce = Optional.of("00112233445566778899aabbccddeeff");
        byte[] covered = chunks();
        Receipt receipt = receipt(name, Verification.TEE, request, nonce, true, output(() -> OutputBinding.ofStream(PATH, covered, List.of(TOKENS))));
        byte[] cose = new ReceiptIssuer(key).sign(receipt);
        ReceiptAttachment attachment = attachment(receipt, cose, List.of(TOKENS));
        return new Exchange(name, request, nonce, receipt, cose, stream(covered, asEvent ? attachment.event() : attachment.comments()));
    }

    private static byte[] stream(byte[] covered, byte[] attachment) {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        response.writeBytes(covered);
        response.writeBytes(attachment);
        response.writeBytes(utf8(ReceiptAttachment.DONE));
        return response.toByteArray();
    }

    /**
     * What decides a receipt of generated tokens, unpaid and without a nonce.
     *
     * @param tokens per choice
     */
    record Generated(String name, String path, String request, SamplingBinding sampling, List<int[]> tokens, UsageBinding usage) {}

    /** An unstreamed answer. */
    Exchange whole(Generated generated, String answer) {
        ObjectNode body = parse(answer);
        Receipt receipt = receipt(generated, output(() -> OutputBinding.ofBody(generated.path(), body, generated.tokens())));
        byte[] cose = new ReceiptIssuer(key).sign(receipt);
        return exchange(generated, receipt, cose, attachment(receipt, cose, generated.tokens()).attachTo(body));
    }

    /** A streamed answer, the receipt in comments. */
    Exchange streamed(Generated generated, String events) {
        byte[] covered = utf8(events);
        Receipt receipt = receipt(generated, output(() -> OutputBinding.ofStream(generated.path(), covered, generated.tokens())));
        byte[] cose = new ReceiptIssuer(key).sign(receipt);
        return exchange(generated, receipt, cose, stream(covered, attachment(receipt, cose, generated.tokens()).comments()));
    }

    private static Exchange exchange(Generated generated, Receipt receipt, byte[] cose, byte[] response) {
        return new Exchange(generated.name(), utf8(generated.request()), Optional.empty(), receipt, cose, response);
    }

    private Receipt receipt(Generated generated, OutputBinding output) {
        return receipt(generated.name(), generated.path(), Verification.TEE, utf8(generated.request()), Optional.empty(), generated.sampling(), output,
                generated.usage(), Optional.empty());
    }

    private static ReceiptAttachment attachment(Receipt receipt, byte[] cose, List<int[]> tokens) {
        return new ReceiptAttachment(
                receipt.id(), cose, tokens, receipt.payment().map(payment -> "pay_1"), receipt.payment().map(PaymentBinding::charged), Optional.empty());
    }

    private static ObjectNode body() {
        return parse("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1763726400,"
                    + "\"model\":\"huggingfacetb/smollm2-135m-instruct@1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"The sea is salt water.\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":6,\"total_tokens\":37}}");
    }

    private static ObjectNode parse(String json) {
        try {
            return StrictJson.parseObject(utf8(json));
        } catch (InvalidJsonException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] chunks() {
        String head = "data: {\"id\":\"chatcmpl-2\",\"object\":\"chat.completion.chunk\",\"created\":1763726400,"
                + "\"model\":\"huggingfacetb/smollm2-135m-instruct@1\",\"choices\":[";
        StringBuilder out = new StringBuilder();
        for (String delta : List.of("{\"role\":\"assistant\",\"content\":\"\"}", "{\"content\":\"The sea\"}", "{\"content\":\" is salt \\n: candor-receipt water.\"}")) {
            out.append(head).append("{\"index\":0,\"delta\":").append(delta).append(",\"finish_reason\":null}]}\n\n");
        }
        out.append(head).append("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
        out.append(head).append("],\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":6,\"total_tokens\":37}}\n\n");
        return utf8(out.toString());
    }

    private Receipt receipt(
            String name, Verification verification, byte[] request, Optional<String> nonce, boolean streamed, OutputBinding output) {
        SamplingBinding sampling = streamed
                ? new SamplingBinding(0.7, 0.9, 0, 0, 0, 0, 1, 9007199254740993L, 512, List.of("\n\n"))
                : new SamplingBinding(0, 1, 0, 0, 0, 0, 1, 42, 64, List.of());
        return receipt(name, PATH, verification, request, nonce, sampling, output, new UsageBinding(31, 0, TOKENS.length, List.of("stop")),
                streamed ? Optional.of(payment(31, TOKENS.length)) : Optional.empty());
    }

    private Receipt receipt(
            String name,
            String path,
            Verification verification,
            byte[] request,
            Optional<String> nonce,
            SamplingBinding sampling,
            OutputBinding output,
            UsageBinding usage,
            Optional<PaymentBinding> payment) {
        ModelBinding model = new ModelBinding("huggingfacetb/smollm2-135m-instruct@1", Digest.sha256(utf8("the model's manifest")));
        return new Receipt(
                ReceiptId.of(Arrays.copyOf(seed("receipt " + name), 16)),
                attestation.statement().nodeId(),
                Instant.ofEpochSecond(1763726400),
                verification,
                new RequestBinding(path, Digest.sha256(request), effective(path, request, model, sampling, verification)),
                model,
                new RuntimeBinding("0.1.0", Digest.sha256(utf8("the node's program files")), "1.29.0", "cpu", "q8", "cpu-x86_64-q8-v1"),
                sampling,
                output,
                usage,
                payment,
                new EvidenceBinding("software", attestation.evidence().digest(), Optional.empty(), AppraisalPolicy.standard().digest()),
                nonce);
    }

    private static PaymentBinding payment(int tokensIn, int tokensOut) {
        BigInteger in = BigInteger.TEN.pow(12);
        BigInteger out = in.multiply(BigInteger.valueOf(4));
        BigInteger charged = in.multiply(BigInteger.valueOf(tokensIn)).add(out.multiply(BigInteger.valueOf(tokensOut)));
        int most = tokensOut == 0 ? 0 : 512;
        return new PaymentBinding(
                "upto",
                "eip155:31337",
                EvmAddress.parse("0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"),
                EvmAddress.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
                EvmAddress.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8"),
                in.multiply(BigInteger.valueOf(tokensIn)).add(out.multiply(BigInteger.valueOf(most))),
                charged,
                new BigInteger("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", 16),
                in,
                out);
    }

    private static Digest effective(String path, byte[] request, ModelBinding model, SamplingBinding sampling, Verification verification) {
        try {
            return EffectiveRequest.of(path, request, model, sampling, verification).digest();
        } catch (InvalidJsonException e) {
            throw new AssertionError(e);
        }
    }

    private interface OutputSource {
        OutputBinding get() throws ReceiptVerificationException;
    }

    private static OutputBinding output(OutputSource source) {
        try {
            return source.get();
        } catch (ReceiptVerificationException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
