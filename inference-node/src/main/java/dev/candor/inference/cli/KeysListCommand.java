package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.keys.ApiKey;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.KeyFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code candor keys list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys by their names, with their limits; the keys themselves are not kept.")
final class KeysListCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, KeyFileException {
        List<ApiKey> keys = new ApiKeyFile(folders.home().apiKeys()).read();
        Instant now = Clock.systemUTC().instant();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(keys, now));
        } else if (keys.isEmpty()) {
            out.println("There are no keys: candor keys add NAME makes one.");
        } else {
            keys.forEach(key -> out.println(line(key, now)));
        }
        out.flush();
        return 0;
    }

    private static String line(ApiKey key, Instant now) {
        String end = key.expires().map(at -> (key.expired(now) ? "EXPIRED " : "expires ") + at).orElse("does not expire");
        return key.name() + "  made " + key.created() + ", " + end + ", " + words(key.requestsPerMinute(), "requests") + ", "
                + words(key.tokensPerMinute(), "tokens");
    }

    private static String words(OptionalInt limit, String what) {
        if (limit.isEmpty()) {
            return "the node's limit of " + what;
        }
        return limit.getAsInt() == 0 ? "no limit of " + what : limit.getAsInt() + " " + what + " a minute";
    }

    private static ArrayNode json(List<ApiKey> keys, Instant now) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (ApiKey key : keys) {
            ObjectNode one = list.addObject().put("name", key.name()).put("created", key.created().toString())
                    .put("expires", key.expires().map(Instant::toString).orElse(null)).put("expired", key.expired(now));
            one.set("requests_per_minute", number(key.requestsPerMinute()));
            one.set("tokens_per_minute", number(key.tokensPerMinute()));
        }
        return list;
    }

    private static JsonNode number(OptionalInt limit) {
        return limit.isPresent() ? JsonNodeFactory.instance.numberNode(limit.getAsInt()) : JsonNodeFactory.instance.nullNode();
    }
}
