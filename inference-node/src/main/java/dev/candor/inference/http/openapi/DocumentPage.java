package dev.candor.inference.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * The OpenAPI document as a page for people, which asks nobody for anything.
 *
 * @param bytes  of HTML in UTF-8
 * @param policy the page's Content-Security-Policy
 */
public record DocumentPage(byte[] bytes, String policy) {

    /** The page of a document that {@link ApiDocument} made. */
    public static DocumentPage of(ObjectNode document) {
        String style = resource("docs.css");
        String script = resource("docs.mjs");
        Html out = new Html()
                .markup("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
                .text(document.at("/info/title").asText() + " API").markup("</title><style>").markup(style).markup("</style></head><body>");
        new Writer(out, document).write();
        out.markup("<script type=\"module\">").markup(script).markup("</script></body></html>");
        String policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-" + digest(style)
                + "'; script-src 'sha256-" + digest(script) + "'";
        return new DocumentPage(out.toString().getBytes(StandardCharsets.UTF_8), policy);
    }

    private static String resource(String name) {
        try (InputStream in = DocumentPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the page of the HTTP surface lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private record Writer(Html out, SchemaView schemas, ObjectNode document) {
        Writer(Html out, ObjectNode document) {
            this(out, new SchemaView(out), document);
        }

        void write() {
            out.markup("<nav><input type=\"search\" placeholder=\"Filter\" aria-label=\"Filter the routes\">");
            document.path("tags").forEach(tag -> {
                out.markup("<h4>").text(tag.path("name").asText()).markup("</h4>");
                operations(tag, this::entry);
            });
            out.markup("<h4>Schemas</h4><a href=\"#schemas\">All bodies</a></nav><main><h1>").text(document.at("/info/title").asText())
                    .markup(" <small>").text(document.at("/info/version").asText()).markup("</small></h1>").prose(document.at("/info/description").asText())
                    .markup("<p>For programs: <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI ").text(document.path("openapi").asText()).markup(").</p>");
            document.path("tags").forEach(tag -> {
                out.markup("<h2>").text(tag.path("name").asText()).markup("</h2>").prose(tag.path("description").asText());
                operations(tag, this::operation);
            });
            out.markup("<h2 id=\"schemas\">Schemas</h2>");
            document.at("/components/schemas").properties().forEach(schema -> {
                out.markup("<section class=\"schema\" id=\"schema-").text(schema.getKey()).markup("\"><h3>").text(schema.getKey()).markup("</h3>");
                schemas.type(schema.getValue());
                out.prose(schema.getValue().path("description").asText());
                schemas.members(schema.getValue());
                out.markup("</section>");
            });
            out.markup("</main>");
        }

        private void operations(JsonNode tag, Shown shown) {
            for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
                for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                    if (method.getValue().at("/tags/0").equals(tag.path("name"))) {
                        shown.show(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue());
                    }
                }
            }
        }

        private void entry(String method, String path, JsonNode operation) {
            out.markup("<a href=\"#").text(operation.path("operationId").asText()).markup("\"><b>").text(method).markup("</b> ").text(path).markup("</a>");
        }

        private void operation(String method, String path, JsonNode operation) {
            out.markup("<section id=\"").text(operation.path("operationId").asText()).markup("\"><h3><b>").text(method).markup("</b> ").code(path)
                    .markup("</h3><p><strong>").text(operation.path("summary").asText()).markup(".</strong> ")
                    .inline(operation.path("description").asText()).markup("</p>");
            parameters(operation.path("parameters"));
            JsonNode body = operation.path("requestBody");
            if (body.has("content")) {
                out.markup("<h4>Body</h4><p>");
                content(body.get("content"));
                out.text(", at most " + body.path("x-max-bytes").asText() + " bytes").markup("</p>");
            }
            out.markup("<h4>Answers</h4><table>");
            operation.path("responses").properties().forEach(response -> {
                out.markup("<tr><td>").code(response.getKey()).markup("</td><td>").inline(response.getValue().path("description").asText()).markup("<br>");
                content(response.getValue().path("content"));
                out.markup("</td></tr>");
            });
            out.markup("</table></section>");
        }

        private void parameters(JsonNode parameters) {
            if (parameters.isEmpty()) {
                return;
            }
            out.markup("<h4>Parameters and headers</h4><table>");
            for (JsonNode each : parameters) {
                JsonNode parameter = each.has("$ref") ? document.at(each.get("$ref").asText().substring(1)) : each;
                out.markup("<tr><td>").code(parameter.path("name").asText()).markup(parameter.path("required").asBoolean() ? "<b title=\"required\">*</b>" : "")
                        .markup("<br><small>").text(parameter.path("in").asText()).markup("</small></td><td>")
                        .inline(parameter.path("description").asText()).markup("</td></tr>");
            }
            out.markup("</table>");
        }

        private void content(JsonNode content) {
            int shown = 0;
            for (Map.Entry<String, JsonNode> type : content.properties()) {
                out.markup(shown++ == 0 ? "" : "<br>").code(type.getKey()).markup(" ");
                schemas.type(type.getValue().path("schema"));
                schemas.members(type.getValue().path("schema"));
            }
        }

        private interface Shown {
            void show(String method, String path, JsonNode operation);
        }
    }
}
