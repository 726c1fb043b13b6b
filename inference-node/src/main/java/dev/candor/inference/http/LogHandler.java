package dev.candor.inference.http;

import dev.candor.attestation.tlog.LogReader;
import dev.candor.inference.openai.ApiException;
import dev.candor.inference.openai.ErrorCode;
import java.io.IOException;
import java.util.regex.Pattern;

/** {@code GET /log/checkpoint} and {@code /log/tile/…} (C2SP tlog-tiles). Blocks. */
final class LogHandler {
    private static final Pattern PATH = Pattern.compile("checkpoint|tile/[0-9a-z]{1,7}(/x?[0-9]{3}){1,8}(\\.p/[0-9]{1,3})?");
    private static final String CHECKPOINT = "checkpoint";

    private final LogReader log;

    LogHandler(LogReader log) {
        this.log = log;
    }

    void file(Exchange exchange) throws ApiException, IOException {
        String path = exchange.pathParameter("*");
        byte[] content = path != null && PATH.matcher(path).matches() ? log.file(path).orElse(null) : null;
        if (content == null) {
            throw new ApiException(ErrorCode.NOT_FOUND, "The log has no such file.");
        }
        boolean changes = path.equals(CHECKPOINT);
        exchange.send(Reply.of(changes ? "text/plain; charset=utf-8" : "application/octet-stream", content)
                .with("cache-control", changes ? "no-cache" : "public, max-age=31536000, immutable"));
    }
}
