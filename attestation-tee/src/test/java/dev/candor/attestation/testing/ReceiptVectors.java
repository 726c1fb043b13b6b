package dev.candor.attestation.testing;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.appraisal.AppraisalPolicy;
import dev.candor.attestation.cbor.CoseSign1;
import dev.candor.attestation.digest.Base64Url;
import dev.candor.attestation.digest.CanonicalJson;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.receipt.EffectiveRequest;
import dev.candor.attestation.receipt.LogEntry;
import dev.candor.attestation.receipt.OutputBinding;
import dev.candor.attestation.receipt.ReceiptCodec;
import dev.candor.attestation.receipt.ReceiptJson;
import dev.candor.attestation.receipt.ResponseBytes;
import dev.candor.attestation.receipt.SignedReceipt;
import dev.candor.attestation.testing.ReceiptSamples.Exchange;
import dev.candor.attestation.tlog.InclusionProof;
import dev.candor.attestation.tlog.TileLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Makes {@code docs/receipt-vectors.json}: always the same bytes. */
final class ReceiptVectors {
    private static final int OTHER_ENTRIES = 300;

    private final ReceiptSamples samples = new ReceiptSamples();
    private final Path folder;

    /** @param folder empty, for the log */
    ReceiptVectors(Path folder) {
        this.folder = folder;
    }

    byte[] json() throws Exception {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("note", "Vectors of docs/receipt.md. Byte strings are base64url without padding, digests and keys hexadecimal. The keys are public: never use them.");
        out.set("keys", keys());
        out.set("attestation", samples.attestation.json());
        out.put("key_statement_jcs", text(CanonicalJson.bytes(samples.attestation.statement().json())));
        out.put("key_statement_digest", samples.attestation.statement().digest().hex());
        out.put("evidence_digest", samples.attestation.evidence().digest().hex());
        out.set("policy", AppraisalPolicy.standard().json());
        out.put("policy_digest", AppraisalPolicy.standard().digest().hex());
        List<Exchange> exchanges = samples.all();
        try (TileLog log = TileLog.open(folder, samples.logKey)) {
            List<byte[]> entries = entries(exchanges);
            log.append(0, entries);
            out.put("checkpoint", log.checkpoint().text());
            out.set("key_statement_log", logged(log, 0, LogEntry.parse(entries.getFirst())));
            ArrayNode receipts = out.putArray("receipts");
            for (int i = 0; i < exchanges.size(); i++) {
                receipts.add(receipt(exchanges.get(i), log, indexOf(i)));
            }
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        return (new ObjectMapper().writer(printer).writeValueAsString(out) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode keys() {
        return JsonNodeFactory.instance.objectNode()
                .put("receipt_secret", HexFormat.of().formatHex(samples.key.secret()))
                .put("receipt_public", HexFormat.of().formatHex(samples.key.compressedPublicKey()))
                .put("receipt_address", samples.key.address().checksummed())
                .put("log_seed", HexFormat.of().formatHex(samples.logSeed))
                .put("log_key", samples.logKey.verifierKey().vkey());
    }

    /** The key statement first, then the receipts among others, past the border of a tile. */
    private List<byte[]> entries(List<Exchange> exchanges) {
        List<byte[]> entries = new ArrayList<>();
        entries.add(LogEntry.keyStatement(samples.attestation.statement().digest()).bytes());
        for (int i = 1; i < OTHER_ENTRIES; i++) {
            entries.add(LogEntry.receipt(("another receipt " + i).getBytes(StandardCharsets.UTF_8)).bytes());
        }
        for (int i = 0; i < exchanges.size(); i++) {
            entries.set(indexOf(i), LogEntry.receipt(exchanges.get(i).cose()).bytes());
        }
        return entries;
    }

    private static int indexOf(int exchange) {
        return new int[] {1, 255, OTHER_ENTRIES - 1, 2, 128, 256, 77, 3, 127, 200, 257, 31}[exchange];
    }

    private static ObjectNode receipt(Exchange exchange, TileLog log, int index) throws Exception {
        SignedReceipt signed = SignedReceipt.parse(exchange.cose());
        CoseSign1 message = CoseSign1.parse(exchange.cose(), ReceiptCodec.MAX_BYTES);
        ResponseBytes response = switch (exchange.receipt().output().format()) {
            case OutputBinding.SSE -> ResponseBytes.ofStream(exchange.response());
            case OutputBinding.RAW -> ResponseBytes.ofRaw(exchange.response(), exchange.cose());
            default -> ResponseBytes.ofBody(exchange.response());
        };
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("name", exchange.name());
        ObjectNode request = out.putObject("request").put("path", exchange.receipt().request().path()).put("body", Base64Url.encode(exchange.request()));
        exchange.nonce().ifPresent(nonce -> request.put("nonce", nonce));
        out.putObject("response").put("format", exchange.receipt().output().format()).put("body", Base64Url.encode(exchange.response()));
        out.put("cose", Base64Url.encode(exchange.cose()));
        out.put("payload", HexFormat.of().formatHex(message.payload()));
        out.put("to_be_signed", HexFormat.of().formatHex(message.toBeSigned(new byte[0])));
        out.put("effective_request_jcs", text(CanonicalJson.bytes(EffectiveRequest.of(
                        exchange.receipt().request().path(), exchange.request(), exchange.receipt().model(), exchange.receipt().sampling(),
                        exchange.receipt().verification())
                .json())));
        out.put("choices_jcs", text(CanonicalJson.bytes(response.content().json())));
        ArrayNode tokens = out.putArray("token_ids");
        for (int[] choice : response.tokenIds()) {
            ArrayNode ids = tokens.addArray();
            for (int id : choice) {
                ids.add(id);
            }
        }
        out.set("view", ReceiptJson.view(signed.receipt()));
        out.set("log", logged(log, index, signed.logEntry()));
        return out;
    }

    private static ObjectNode logged(TileLog log, int index, LogEntry entry) throws Exception {
        InclusionProof proof = log.inclusionProof(index, log.size());
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("entry", HexFormat.of().formatHex(entry.bytes()));
        out.put("leaf_hash", entry.leafHash().hex());
        out.put("leaf_index", index);
        out.put("log_size", proof.size());
        ArrayNode hashes = out.putArray("hashes");
        proof.hashes().stream().map(Digest::hex).forEach(hashes::add);
        return out;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
