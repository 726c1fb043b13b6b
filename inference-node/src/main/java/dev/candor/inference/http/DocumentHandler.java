package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.candor.inference.http.openapi.ApiDocument;
import dev.candor.inference.http.openapi.DocumentPage;
import dev.candor.inference.http.openapi.RouteTable;
import dev.candor.inference.openai.Json;

/** {@code GET /openapi.json}, and {@code GET /docs}, a page of it. */
final class DocumentHandler {
    private final RouteTable table;
    private final String version;
    private final Json json;
    private volatile Reply document;
    private volatile Reply page;

    DocumentHandler(RouteTable table, String version, Json json) {
        this.table = table;
        this.version = version;
        this.json = json;
    }

    /** To be called when all routes are mounted. @throws IllegalStateException if a description is missing or names what there is not */
    void make() {
        ObjectNode made = ApiDocument.of(table.routes(), version);
        document = Reply.of(Reply.JSON, json.bytes(made)).with("cache-control", "no-cache");
        DocumentPage shown = DocumentPage.of(made);
        page = Reply.of("text/html; charset=utf-8", shown.bytes())
                .with("cache-control", "no-cache")
                .with("content-security-policy", shown.policy());
    }

    void document(Exchange exchange) {
        exchange.send(document);
    }

    void page(Exchange exchange) {
        exchange.send(page);
    }
}
