package dev.candor.inference.cli;

import dev.candor.hub.catalog.CatalogEntry;
import dev.candor.hub.catalog.ModelCatalog;
import dev.candor.hub.catalog.TokenPrice;
import dev.candor.hub.store.ModelStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code candor models}: what the catalog offers, and what of it is on the disk. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "List the catalog's models and those imported.",
        subcommands = ModelsImportCommand.class)
final class ModelsCommand implements Callable<Integer> {
    private static final int DECIMALS = 18;
    private static final int MILLION = 6;

    @Mixin
    private HomeOptions folders = new HomeOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ModelStore store = new ModelStore(folders.cache());
        ModelCatalog catalog = ModelCatalog.bundled();
        for (CatalogEntry entry : catalog.entries()) {
            boolean here = store.find(entry.name(), entry.conversion().form()).isPresent();
            String price = entry.price()
                    .map(ModelsCommand::words)
                    .orElse("no price");
            out.printf("%s  %s, %s, %d tokens, %s, %s%n", entry.name(), entry.title(), entry.licence(), entry.contextLength(), price,
                    here ? "in the cache" : "fetched by candor up --model " + entry.aliases().stream().findFirst().orElse(entry.name().toString()));
        }
        for (ModelStore.Stored model : store.list()) {
            if (catalog.find(model.name().toString()).filter(entry -> entry.conversion().form().label().equals(model.form())).isEmpty()) {
                out.printf("%s:%s  imported, served by candor up --model %s:%s%n", model.name(), model.form(), model.name(), model.form());
            }
        }
        out.flush();
        return 0;
    }

    private static String words(TokenPrice price) {
        return price.output().signum() == 0
                ? perMillion(price.input()) + " " + price.symbol() + " per million tokens in"
                : perMillion(price.input()) + " + " + perMillion(price.output()) + " " + price.symbol() + " per million tokens in and out";
    }

    private static String perMillion(BigInteger unitsPerToken) {
        return new BigDecimal(unitsPerToken, DECIMALS).movePointRight(MILLION).stripTrailingZeros().toPlainString();
    }
}
