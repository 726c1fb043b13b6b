package dev.candor.attestation.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.attestation.crypto.EvmAddress;
import dev.candor.attestation.digest.Digest;
import dev.candor.attestation.digest.InvalidJsonException;
import dev.candor.attestation.digest.JsonFields;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the JSON view back. */
final class ReceiptJsonReader {
    private static final Pattern AMOUNT = Pattern.compile("0|[1-9][0-9]{0,77}");
    private static final Pattern NONCE = Pattern.compile("(?:[0-9a-f]{2}){8,64}");

    private ReceiptJsonReader() {}

    static Receipt read(JsonNode view) throws InvalidJsonException {
        JsonFields in = new JsonFields(view, "receipt");
        if (in.integer("v") != ReceiptCodec.VERSION) {
            throw in.wrong("v", "version " + ReceiptCodec.VERSION);
        }
        Receipt receipt = new Receipt(
                in.value("id", ReceiptId::new),
                in.text("issuer"),
                in.value("issued_at", Instant::parse),
                in.value("verification", ReceiptJsonReader::mode),
                request(in.fields("request")),
                model(in.fields("model")),
                runtime(in.fields("runtime")),
                sampling(in.fields("sampling")),
                output(in.fields("output")),
                usage(in.fields("usage")),
                payment(in),
                evidence(in.fields("evidence")),
                in.optionalValue("client_nonce", ReceiptJsonReader::nonce));
        in.end();
        return receipt;
    }

    private static Verification mode(String wire) {
        return Arrays.stream(Verification.values())
                .filter(each -> each.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("verification is none, tee or replay, got: " + wire));
    }

    private static RequestBinding request(JsonFields in) throws InvalidJsonException {
        RequestBinding request = new RequestBinding(in.text("path"), in.value("body", Digest::new), in.value("effective", Digest::new));
        in.end();
        return request;
    }

    private static ModelBinding model(JsonFields in) throws InvalidJsonException {
        ModelBinding model = new ModelBinding(in.text("name"), in.value("digest", Digest::new));
        in.end();
        return model;
    }

    private static RuntimeBinding runtime(JsonFields in) throws InvalidJsonException {
        RuntimeBinding runtime = new RuntimeBinding(
                in.text("node"),
                in.value("build", Digest::new),
                in.text("onnxruntime"),
                in.text("execution_provider"),
                in.text("precision"),
                in.text("determinism_class"));
        in.end();
        return runtime;
    }

    private static SamplingBinding sampling(JsonFields in) throws InvalidJsonException {
        SamplingBinding sampling = new SamplingBinding(
                in.real("temperature"),
                in.real("top_p"),
                in.integer("top_k"),
                in.real("min_p"),
                in.real("frequency_penalty"),
                in.real("presence_penalty"),
                in.real("repetition_penalty"),
                seed(in),
                in.integer("max_tokens"),
                in.texts("stop"));
        in.end();
        return sampling;
    }

    private static long seed(JsonFields in) throws InvalidJsonException {
        JsonNode seed = in.required("seed");
        if (seed.isIntegralNumber() && seed.canConvertToLong()) {
            return seed.longValue();
        }
        return in.value("seed", Long::parseLong);
    }

    private static OutputBinding output(JsonFields in) throws InvalidJsonException {
        OutputBinding output = new OutputBinding(
                in.values("tokens", Digest::new), in.value("choices", Digest::new), in.value("body", Digest::new), in.text("format"));
        in.end();
        return output;
    }

    private static UsageBinding usage(JsonFields in) throws InvalidJsonException {
        UsageBinding usage =
                new UsageBinding(in.integer("prompt_tokens"), in.integer("cached_tokens"), in.integer("completion_tokens"), in.texts("finish_reasons"));
        in.end();
        return usage;
    }

    private static Optional<PaymentBinding> payment(JsonFields receipt) throws InvalidJsonException {
        JsonNode value = receipt.required("payment");
        if (value.isTextual() && value.textValue().equals("none")) {
            return Optional.empty();
        }
        JsonFields in = receipt.fields("payment");
        PaymentBinding payment = new PaymentBinding(
                in.text("scheme"),
                in.text("network"),
                in.value("asset", EvmAddress::parse),
                in.value("payer", EvmAddress::parse),
                in.value("pay_to", EvmAddress::parse),
                in.value("cap", ReceiptJsonReader::amount),
                in.value("charged", ReceiptJsonReader::amount),
                in.value("nonce", ReceiptJsonReader::amount),
                in.value("input_price", ReceiptJsonReader::amount),
                in.value("output_price", ReceiptJsonReader::amount));
        in.end();
        return Optional.of(payment);
    }

    private static EvidenceBinding evidence(JsonFields in) throws InvalidJsonException {
        EvidenceBinding evidence = new EvidenceBinding(
                in.text("kind"), in.value("cpu", Digest::new), in.optionalValue("gpu", Digest::new), in.value("policy", Digest::new));
        in.end();
        return evidence;
    }

    private static BigInteger amount(String digits) {
        if (!AMOUNT.matcher(digits).matches()) {
            throw new IllegalArgumentException("an amount is a decimal number, got: " + digits);
        }
        return new BigInteger(digits);
    }

    private static String nonce(String hex) {
        if (!NONCE.matcher(hex).matches()) {
            throw new IllegalArgumentException("a nonce is 8 to 64 bytes in lower-case hexadecimal, got: " + hex);
        }
        return hex;
    }
}
