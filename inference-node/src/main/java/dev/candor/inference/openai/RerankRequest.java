package dev.candor.inference.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A body of {@code POST /v1/rerank}, in the form that Jina, Cohere and vLLM share.
 *
 * @param documents       at least one
 * @param top             how many of the best are answered
 * @param returnDocuments whether the answer repeats their texts
 */
public record RerankRequest(EncoderRequest common, String query, List<String> documents, int top, boolean returnDocuments) {
    /** @throws ApiException naming the member at fault */
    public static RerankRequest parse(byte[] body, Json json) throws ApiException {
        EncoderFields reader = new EncoderFields(json.object(body));
        Fields fields = reader.fields();
        EncoderRequest common = reader.common();
        String query = reader.plain("query", fields.get("query").orElseThrow(() -> fields.missing("query"))).text();
        List<String> documents = documents(reader);
        int top = fields.integer("top_n", 1, Integer.MAX_VALUE).orElse(documents.size());
        return new RerankRequest(common, query, documents, Math.min(top, documents.size()), fields.flag("return_documents", false));
    }

    private static List<String> documents(EncoderFields reader) throws ApiException {
        Fields fields = reader.fields();
        JsonNode list = fields.get("documents").orElseThrow(() -> fields.missing("documents"));
        if (!list.isArray()) {
            throw fields.wrongType("documents", "an array", list);
        }
        if (list.isEmpty()) {
            throw fields.invalid("documents", "must not be empty");
        }
        reader.requireFew("documents", list);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode each = list.get(i);
            String name = "documents[" + i + "]";
            documents.add(reader.plain(each.isObject() ? name + ".text" : name, each.isObject() ? each.path("text") : each).text());
        }
        return documents;
    }
}
