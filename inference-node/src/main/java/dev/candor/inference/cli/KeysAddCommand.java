package dev.candor.inference.cli;

import dev.candor.inference.keys.ApiKey;
import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.ApiSecret;
import dev.candor.inference.keys.KeyFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code candor keys add}: prints the new key alone on standard output, and nowhere else ever again. */
@Command(name = "add", mixinStandardHelpOptions = true, description = "Make a key and print it, this once; the node keeps its digest alone.")
final class KeysAddCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Parameters(paramLabel = "NAME", description = "Whose key it is: letters, digits, dots, underscores and hyphens.")
    private String name;

    @Option(names = "--requests-per-minute", paramLabel = "N", description = "In place of the node's --rate-limit-requests, 0 for no limit.")
    private Integer requests;

    @Option(names = "--tokens-per-minute", paramLabel = "N", description = "In place of the node's --rate-limit-tokens, 0 for no limit.")
    private Integer tokens;

    @Option(names = "--expires", paramLabel = "WHEN", converter = ExpiryConverter.class,
            description = "When it stops being good: 12h, 30d, a date as 2027-01-31 (its end, UTC) or a time as 2027-01-31T12:00:00Z (default: never).")
    private Instant expires;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, KeyFileException {
        ApiSecret secret = ApiSecret.draw(new SecureRandom());
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
        ApiKey key = key(secret, now);
        new ApiKeyFile(folders.home().create().apiKeys()).change(keys -> {
            if (keys.stream().anyMatch(each -> each.name().equals(name))) {
                throw new KeyFileException("there is a key of the name " + name + " already: candor keys remove " + name + " first, or take another name");
            }
            keys.add(key);
        });
        spec.commandLine().getErr().println("The key of " + name + ", shown only now. Clients send it as Authorization: Bearer, OpenAI's as their API key.");
        spec.commandLine().getErr().flush();
        PrintWriter out = spec.commandLine().getOut();
        out.println(secret.text());
        out.flush();
        return 0;
    }

    private ApiKey key(ApiSecret secret, Instant now) {
        try {
            return new ApiKey(name, secret.digest(), now, Optional.ofNullable(expires), limit(requests), limit(tokens));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static OptionalInt limit(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
