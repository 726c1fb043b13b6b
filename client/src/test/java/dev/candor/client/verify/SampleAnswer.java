package dev.candor.client.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.crypto.Secp256k1KeyPair;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.evidence.Attestation;
import dev.candor.attestation.evidence.KeyStatement;
import dev.candor.attestation.evidence.SoftwareAttester;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.EvidenceBinding;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.PaymentBinding;
import dev.candor.attestation.receipt.Receipt;
import dev.candor.attestation.receipt.ReceiptAttachment;
import dev.candor.attestation.receipt.ReceiptId;
import dev.candor.attestation.receipt.ReceiptIssuer;
import dev.candor.attestation.receipt.RequestBinding;
import dev.candor.attestation.receipt.RuntimeBinding;
import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.attestation.receipt.Verification;
import dev.candor.attestation.tlog.InclusionProof;
import dev.candor.attestation.tlog.LogKey;
import dev.candor.attestation.tlog.SignedCheckpoint;
import dev.candor.attestation.tlog.TileLog;
import dev.candor.settlement.chain.ContractAddresses;
import dev.candor.settlement.scheme.UptoPermit2Scheme;
import dev.candor.settlement.x402.PaymentPayload;
import dev.candor.settlement.x402.PaymentRequirements;
import dev.candor.settlement.x402.X402Codec;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A paid, streamed answer as a node would give it, made with the node's own building blocks. */
final class SampleAnswer {
    static final Instant ISSUED = Instant.parse("2026-11-21T12:00:00Z");
    static final ModelBinding MODEL = new ModelBinding("acme/tiny@1", Digest.sha256("model".getBytes(StandardCharsets.UTF_8)));
    static final String PATH = "/v1/chat/completions";
    static final byte[] REQUEST = bytes("{\"model\":\"acme/tiny@1\",\"stream\":true,\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    static final BigInteger IN = BigInteger.TEN;
    static final BigInteger OUT = BigInteger.valueOf(40);
    static final BigInteger CAP = BigInteger.valueOf(4 * 10 + 9 * 40);

    private static final int[] TOKENS = {7, 8, 2};
    private static final EvmAddress ASSET = EvmAddress.parse("0x" + "22".repeat(20));
    private static final EvmAddress PAYEE = EvmAddress.parse("0x" + "33".repeat(20));

    private final SecureRandom random = new SecureRandom();
    private final ObjectMapper json = new ObjectMapper();
    final Secp256k1KeyPair receiptKey = Secp256k1KeyPair.generate(random);
    final Secp256k1KeyPair wallet = Secp256k1KeyPair.generate(random);
    final LogKey logKey = LogKey.generate(random);
    final Attestation attestation = new SoftwareAttester(receiptKey, SoftwareAttester.thisPlatform()).attest(statement());

    ReceiptBundle bundle(Path logFolder) throws Exception {
        byte[] answer = stream();
        Receipt receipt = receipt(answer, BigInteger.valueOf(4 * 10 + 3 * 40));
        return bundle(logFolder, receipt, new ReceiptIssuer(receiptKey).sign(receipt), answer);
    }

    ReceiptBundle bundle(Path logFolder, Receipt receipt, byte[] cose, byte[] answer) throws Exception {
        ReceiptAttachment attachment = new ReceiptAttachment(
                receipt.id(), cose, List.of(TOKENS), Optional.empty(), Optional.empty(), Optional.empty());
        byte[] response = concat(answer, attachment.comments(), bytes(ReceiptAttachment.DONE));
        return new ReceiptBundle(
                receipt.id(),
                "http://127.0.0.1:1/",
                cose,
                Optional.of(new ReceiptBundle.Exchange(PATH, REQUEST, Optional.empty(), "sse", response, List.of(TOKENS))),
                Optional.of(attestation.json()),
                Optional.of(payment()),
                Optional.of(proof(logFolder, cose)),
                Optional.empty());
    }

    Receipt receipt(byte[] answer, BigInteger charged) throws Exception {
        SamplingBinding sampling = new SamplingBinding(1, 1, 0, 0, 0, 0, 1, 42, 9, List.of());
        Digest effective =
                EffectiveRequest.of(PATH, REQUEST, MODEL, sampling, Verification.TEE).digest();
        return new Receipt(
                ReceiptId.random(random),
                logKey.nodeId(),
                ISSUED,
                Verification.TEE,
                new RequestBinding(PATH, Digest.sha256(REQUEST), effective),
                MODEL,
                new RuntimeBinding("0.1.0", Digest.sha256(bytes("build")), "1.29.0", "cpu", "q8", "1.29.0/avx2/q8/gqa"),
                sampling,
                OutputBinding.ofStream(PATH, answer, List.of(TOKENS)),
                new UsageBinding(4, 0, TOKENS.length, List.of("stop")),
                Optional.of(new PaymentBinding(
                        "upto", "eip155:31337", ASSET, wallet.address(), PAYEE, CAP, charged, BigInteger.valueOf(77), IN, OUT)),
                new EvidenceBinding("software", attestation.evidence().digest(), Optional.empty(), AppraisalPolicy.standard().digest()),
                Optional.empty());
    }

    static byte[] stream() {
        String chunk = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"acme/tiny@1\",\"choices\":"
                + "[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n";
        return bytes(chunk.formatted("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                + chunk.formatted("{\"content\":\"Hel\"}", "null")
                + chunk.formatted("{\"content\":\"lo\"}", "null")
                + chunk.formatted("{}", "\"stop\""));
    }

    private JsonNode payment() throws Exception {
        ObjectNode extra = json.createObjectNode()
                .put("name", "OpenGradient")
                .put("version", "1")
                .put("assetTransferMethod", "permit2")
                .put("facilitatorAddress", PAYEE.checksummed());
        PaymentRequirements offer = new PaymentRequirements(
                "upto", "eip155:31337", ASSET.checksummed(), PAYEE.checksummed(), 3600, CAP.toString(), extra);
        PaymentPayload payload = new UptoPermit2Scheme(31337, ContractAddresses.PERMIT2, ContractAddresses.UPTO_PROXY)
                .sign(wallet, offer, null, ISSUED, BigInteger.valueOf(77));
        return json.readTree(new X402Codec().toJson(payload));
    }

    private JsonNode proof(Path folder, byte[] cose) throws Exception {
        try (TileLog log = TileLog.open(folder, logKey)) {
            byte[] other = LogEntry.keyStatement(attestation.statement().digest()).bytes();
            SignedCheckpoint checkpoint = log.append(0, List.of(other, LogEntry.receipt(cose).bytes(), other));
            InclusionProof proof = log.inclusionProof(1, 3);
            ObjectNode out = json.createObjectNode().put("leaf_index", 1).put("log_size", 3).put("checkpoint", checkpoint.text());
            proof.hashes().forEach(hash -> out.withArray("hashes").add(hash.hex()));
            return out;
        }
    }

    private KeyStatement statement() {
        return new KeyStatement(
                logKey.nodeId(),
                KeyStatement.PURPOSE,
                HexFormat.of().formatHex(receiptKey.compressedPublicKey()),
                logKey.origin(),
                logKey.verifierKey().vkey(),
                Optional.of(PAYEE),
                Optional.of(31337L),
                Optional.of(ASSET),
                Optional.empty(),
                "00".repeat(16));
    }

    static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
