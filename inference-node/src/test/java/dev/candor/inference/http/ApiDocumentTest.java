package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.candor.inference.openai.ErrorCode;
import dev.candor.inference.testing.Client;
import dev.candor.inference.testing.HttpFixture;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiDocumentTest {
    @TempDir
    static Path home;

    private static HttpFixture node;
    private static Client client;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        node = new HttpFixture(home, HttpFixture.Setup.paying());
        client = new Client(node.url());
        document = Client.JSON.readTree(client.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void theDocumentIsValidOpenApi31() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult read = new OpenAPIV3Parser().readContents(document.toString(), null, options);
        assertThat(read.getMessages()).isEmpty();
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(read.getOpenAPI().getPaths()).containsKeys("/v1/chat/completions", "/v2/models/{model}/infer", "/log/{file}");
    }

    @Test
    void everySchemaIsJsonSchema() {
        var metaSchema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        for (Map.Entry<String, JsonNode> schema : document.at("/components/schemas").properties()) {
            assertThat(metaSchema.validate(schema.getValue())).as(schema.getKey()).isEmpty();
        }
        assertThat(document.at("/components/schemas").size()).isGreaterThan(20);
    }

    @Test
    void everyReferenceHasItsTarget() {
        List<String> references = new ArrayList<>(document.findValuesAsText("$ref"));
        assertThat(references).hasSizeGreaterThan(100).allSatisfy(reference ->
                assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
    }

    @Test
    void everyDocumentedRouteIsThere() throws Exception {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + path.getKey().replaceAll("\\{[a-z]+}", "none")))
                        .header("content-type", "application/json")
                        .method(method.getKey().toUpperCase(Locale.ROOT), HttpRequest.BodyPublishers.ofString(method.getValue().has("requestBody") ? "{}" : ""))
                        .build();
                HttpResponse<String> answer = client.send(request);
                assertThat(answer.statusCode()).as(method.getKey() + " " + path.getKey()).isNotEqualTo(405);
                assertThat(answer.body()).doesNotContain("There is no " + request.method());
            }
        }
    }

    /** Members that nothing is made of are named by the answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/chat/completions|ChatCompletionRequest|{'messages':[{'role':'user','content':'a'}]}",
        "/v1/completions|CompletionRequest|{'prompt':'a'}",
        "/v1/responses|ResponseRequest|{'input':'a'}"
    })
    void everyDocumentedMemberIsHeeded(String path, String schema, String least) throws Exception {
        try (HttpFixture free = new HttpFixture(home.resolve("free" + schema), HttpFixture.Setup.free()); Client asking = new Client(free.url())) {
            for (Map.Entry<String, JsonNode> member : document.at("/components/schemas/" + schema + "/properties").properties()) {
                ObjectNode body = (ObjectNode) Client.JSON.readTree(least.replace('\'', '"'));
                body.put("model", HttpFixture.MODEL);
                body.set(member.getKey(), body.has(member.getKey()) ? body.get(member.getKey()) : some(member.getValue()));
                HttpResponse<String> answer = asking.send(HttpRequest.newBuilder(URI.create(free.url() + path)).header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build());
                String param = Client.JSON.readTree(answer.statusCode() == 400 ? answer.body() : "{}").at("/error/param").asText();
                assertThat(answer.statusCode() == 200 || param.startsWith(member.getKey())).as(member + ": " + answer.body()).isTrue();
                assertThat(answer.headers().firstValue("Candor-Warning").orElse("")).as(member.getKey()).doesNotContainPattern("[ ,]" + member.getKey() + "(,|$)");
            }
        }
    }

    /** The simplest value that a schema allows. */
    private static JsonNode some(JsonNode schema) {
        if (schema.has("anyOf")) {
            return some(schema.get("anyOf").get(0));
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(0);
        }
        String type = schema.path("type").isArray() ? schema.get("type").get(0).asText() : schema.path("type").asText("object");
        return switch (type) {
            case "string" -> TextNode.valueOf("none");
            case "boolean" -> BooleanNode.FALSE;
            case "integer", "number" -> IntNode.valueOf(Math.max(1, schema.path("minimum").asInt(1)));
            case "array" -> JsonNodeFactory.instance.arrayNode();
            default -> JsonNodeFactory.instance.objectNode();
        };
    }

    /** Whatever is mounted otherwise would not be in the document. */
    @Test
    void routesAreMountedWithTheirDescriptionsOnly() {
        Set<String> mounting = Set.of("get", "post", "put", "delete", "patch", "head", "getWithRegex", "postWithRegex", "putWithRegex", "deleteWithRegex");
        ArchRuleDefinition.noClasses()
                .that().resideInAPackage("dev.candor.inference.http..").and().haveSimpleNameNotEndingWith("Test")
                .should().callMethodWhere(new DescribedPredicate<JavaMethodCall>("a route is put into the router") {
                    @Override
                    public boolean test(JavaMethodCall call) {
                        return call.getTargetOwner().isAssignableTo(Router.class) && mounting.contains(call.getName());
                    }
                })
                .check(new ClassFileImporter().importPackages("dev.candor.inference.http"));
    }

    @Test
    void everyErrorOfARouteIsInTheTableWithItsStatus() {
        JsonNode chat = document.at("/paths/~1v1~1chat~1completions/post/responses");
        assertThat(chat.path("402").path("description").asText()).isEqualTo("payment_required");
        assertThat(chat.at("/402/headers").has("PAYMENT-REQUIRED")).isTrue();
        assertThat(chat.path("413").path("description").asText()).isEqualTo("body_too_large");
        assertThat(chat.properties()).allSatisfy(response -> assertThat(response.getValue().at("/headers/x-request-id").isMissingNode()).isFalse());
        assertThat(document.at("/paths/~1v2~1models~1{model}~1infer/post/responses/404/content/application~1json/schema/$ref").asText())
                .endsWith("/InferenceError");
        assertThat(document.at("/paths/~1readyz/get/responses/503/content/application~1json/schema/anyOf")).hasSize(2);
    }

    /** A code that is new is in the document, or known not to come from a route. */
    @Test
    void everyErrorIsOneOfARouteOrComesFromElsewhere() {
        Set<ErrorCode> beforeAnyRoute = EnumSet.of(
                ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.NOT_ACCEPTABLE, ErrorCode.URI_TOO_LONG, ErrorCode.HEADERS_TOO_LARGE);
        Set<ErrorCode> fromTheProxy = EnumSet.of(
                ErrorCode.SPENDING_LIMIT, ErrorCode.PAYMENT_FAILED, ErrorCode.RECEIPT_UNVERIFIED, ErrorCode.NODE_UNAVAILABLE);
        List<String> listed = document.path("paths").findValues("responses").stream().flatMap(responses -> responses.properties().stream())
                .flatMap(response -> Arrays.stream(response.getValue().path("description").asText().split("[^a-z_]+"))).toList();

        for (ErrorCode error : ErrorCode.values()) {
            boolean elsewhere = beforeAnyRoute.contains(error) || fromTheProxy.contains(error);
            assertThat(listed.contains(error.code())).as(error.code()).isEqualTo(!elsewhere);
        }
        assertThat(codes("/v1/chat/completions", "post", 400)).contains("unsupported_format");
    }

    @Test
    void routesListOnlyWhatTheyCanAnswer() {
        assertThat(codes("/v1/responses/{id}", "get", 404)).containsExactly("response_not_found");
        assertThat(codes("/v1/responses/{id}", "get", 400)).containsExactlyInAnyOrder("invalid_type", "bad_request");
        assertThat(codes("/v1/responses/{id}", "delete", 404)).containsExactly("response_not_found");
    }

    private static List<String> codes(String path, String method, int status) {
        return List.of(document.path("paths").path(path).path(method).path("responses").path(Integer.toString(status)).path("description").asText().split(", "));
    }

    @Test
    void headersOfRefusalsAreInTheDocument() {
        JsonNode chat = document.at("/paths/~1v1~1chat~1completions/post/responses");
        for (String status : List.of("200", "400", "429")) {
            assertThat(RateLimitHeaders.NAMES).as(status).allMatch(chat.path(status).path("headers")::has);
        }
        assertThat(chat.at("/401/headers").has("WWW-Authenticate")).isTrue();
        assertThat(RateLimitHeaders.NAMES).noneMatch(chat.at("/401/headers")::has);
        assertThat(RateLimitHeaders.NAMES).noneMatch(document.at("/paths/~1healthz/get/responses/429/headers")::has);
    }

    /** Generators of clients make nothing of extensions, and linters ask for an answer that is no refusal, or for a default. */
    @Test
    void everyOperationHasAnAnswerAndEveryStreamTheTypeOfItsEvents() {
        List<String> events = new ArrayList<>();
        for (JsonNode responses : document.path("paths").findValues("responses")) {
            assertThat(responses.has("200") || responses.has("default")).as(responses.toString()).isTrue();
            responses.findValues("text/event-stream").forEach(stream -> events.add(stream.at("/schema/$ref").asText()));
        }
        assertThat(events).containsExactlyInAnyOrder("#/components/schemas/ChatCompletionChunk", "#/components/schemas/Completion",
                "#/components/schemas/ResponseEvent", "#/components/schemas/ResponseEvent");
    }

    @Test
    void thePageShowsEveryRouteAndAsksNobodyForAnything() throws Exception {
        HttpResponse<String> page = client.get("/docs");
        assertThat(page.statusCode()).isEqualTo(200);
        document.path("paths").properties().forEach(path -> path.getValue().forEach(operation ->
                assertThat(page.body()).contains("<section id=\"" + operation.path("operationId").asText() + "\">")));
        assertThat(page.body()).doesNotContain("http://", "https://", "src=");
        String script = page.body().replaceFirst("(?s).*<script type=\"module\">", "").replaceFirst("(?s)</script>.*", "");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'").startsWith("default-src 'none'");
    }
}
