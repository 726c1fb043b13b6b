package dev.candor.inference.cli;

import dev.candor.inference.node.Version;
import picocli.CommandLine.IVersionProvider;

/** Answers {@code --version}. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"candor " + Version.current()};
    }
}
