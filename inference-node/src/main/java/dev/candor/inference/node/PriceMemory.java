package dev.candor.inference.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Remembers across restarts what each model cost, so that offers made before a restart with another price stay good for the grace time too. */
final class PriceMemory {
    private static final System.Logger LOG = System.getLogger(PriceMemory.class.getName());

    private final Path file;
    private final ObjectMapper json = new ObjectMapper();

    PriceMemory(Path file) {
        this.file = file;
    }

    /** Sets the price of {@code model}, after the one it had in the last run where that was another. */
    void set(PriceBook book, String model, Price price) throws IOException {
        ObjectNode prices = read();
        previous(prices.path(model)).filter(last -> !last.equals(price)).ifPresent(last -> book.set(model, last));
        book.set(model, price);
        prices.putObject(model).put("input", price.input().toString()).put("output", price.output().toString());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, prices.toString());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private ObjectNode read() throws IOException {
        try {
            if (Files.isRegularFile(file) && json.readTree(file.toFile()) instanceof ObjectNode prices) {
                return prices;
            }
        } catch (JsonProcessingException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} is damaged, the prices of the last run are forgotten", file);
        }
        return json.createObjectNode();
    }

    private static Optional<Price> previous(JsonNode price) {
        try {
            return price.isObject()
                    ? Optional.of(new Price(new BigInteger(price.path("input").asText()), new BigInteger(price.path("output").asText())))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            LOG.log(System.Logger.Level.WARNING, "a price of the last run cannot be read and is forgotten: {0}", price);
            return Optional.empty();
        }
    }
}
