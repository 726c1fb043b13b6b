package dev.candor.settlement.chain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** What the Solidity compiler made of a contract, as {@code contracts/build.mjs} wrote it. */
enum ContractArtifact {
    OPG("OPG"),
    RECEIPT_ANCHOR("ReceiptAnchor"),
    UPTO_PROXY("UptoPermit2Proxy"),
    EXACT_PROXY("ExactPermit2Proxy");

    private static final String FOLDER = "/dev/candor/settlement/contracts/";

    private final String contract;

    ContractArtifact(String contract) {
        this.contract = contract;
    }

    /** The code that creates the contract, {@code 0x} and hexadecimal digits, without constructor arguments. */
    String creationCode() {
        return member("bytecode");
    }

    /** The code of the contract itself. */
    String runtimeCode() {
        return member("deployedBytecode");
    }

    /** SHA-256 over all sources it was made from. */
    String sourceHash() {
        return member("sourceHash");
    }

    private String member(String name) {
        try (InputStream in = ContractArtifact.class.getResourceAsStream(FOLDER + contract + ".json")) {
            if (in == null) {
                throw new IllegalStateException("this build lacks the compiled contract " + contract);
            }
            JsonNode value = new ObjectMapper().readTree(in).path(name);
            return value.asText().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the compiled contract " + contract, e);
        }
    }
}
