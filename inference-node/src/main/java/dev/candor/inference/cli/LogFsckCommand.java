package dev.candor.inference.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.attestation.tlog.Checkpoint;
import dev.candor.attestation.tlog.LogFsck;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code candor log fsck}: rebuilds the log from its entries and compares every file. */
@Command(
        name = "fsck",
        mixinStandardHelpOptions = true,
        description = "Rebuild the log from its entries and compare every file; exits with 1 on any fault.")
final class LogFsckCommand implements Callable<Integer> {
    @Mixin
    private CheckOptions options = new CheckOptions();

    @Override
    public Integer call() throws IOException {
        LogFsck.Report report = new LogFsck(options.home().log(), options.logKey()).check();
        return options.print(report.sound(), () -> view(report), () -> lines(report));
    }

    private static List<String> lines(LogFsck.Report report) {
        return Stream.concat(report.faults().stream().map(fault -> "fault: " + fault), Stream.of(summary(report))).toList();
    }

    private static String summary(LogFsck.Report report) {
        if (!report.sound()) {
            return "the log is NOT sound: " + report.faults().size() + " faults";
        }
        Checkpoint checkpoint = report.checkpoint().orElseThrow();
        long waiting = report.entries() - checkpoint.size();
        return "the log is sound: " + checkpoint.size() + " entries of " + checkpoint.origin() + ", root " + checkpoint.root().hex()
                + (waiting == 0 ? "" : "; " + waiting + " more were written by an append that did not finish");
    }

    private static ObjectNode view(LogFsck.Report report) {
        ObjectNode view = new ObjectMapper().createObjectNode();
        view.put("sound", report.sound());
        report.checkpoint().ifPresent(checkpoint ->
                view.put("origin", checkpoint.origin()).put("size", checkpoint.size()).put("root", checkpoint.root().hex()));
        view.put("entries", report.entries());
        report.faults().forEach(view.putArray("faults")::add);
        return view;
    }
}
