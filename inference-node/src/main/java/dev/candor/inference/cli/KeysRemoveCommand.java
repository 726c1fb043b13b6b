package dev.candor.inference.cli;

import dev.candor.inference.keys.ApiKeyFile;
import dev.candor.inference.keys.KeyFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code candor keys remove}. */
@Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a key back: from now on it is answered with 401.")
final class KeysRemoveCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Parameters(paramLabel = "NAME", description = "Whose key.")
    private String name;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, KeyFileException {
        ApiKeyFile file = new ApiKeyFile(folders.home().apiKeys());
        if (file.read().stream().noneMatch(each -> each.name().equals(name))) {
            throw new KeyFileException("there is no key of the name " + name + ": candor keys list names those there are");
        }
        file.change(keys -> keys.removeIf(each -> each.name().equals(name)));
        PrintWriter out = spec.commandLine().getOut();
        out.println("The key of " + name + " is good no more.");
        out.flush();
        return 0;
    }
}
