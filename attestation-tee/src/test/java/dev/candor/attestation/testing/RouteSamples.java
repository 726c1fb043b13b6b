package dev.candor.attestation.testing;

import dev.candor.attestation.receipt.SamplingBinding;
import dev.candor.attestation.receipt.UsageBinding;
import dev.candor.attestation.testing.ReceiptSamples.Exchange;
import dev.candor.attestation.testing.ReceiptSamples.Generated;
import java.util.List;

/** A node's answers of each route that generates tokens, beside the plain chats of {@link ReceiptSamples}. */
final class RouteSamples {
    private static final String MODEL = "huggingfacetb/smollm2-135m-instruct";
    private static final int[] SEA = {504, 10346, 314, 5437, 2};
    private static final int[] SKY = {504, 6376};
    private static final String CALLED = "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"tide\","
            + "\"arguments\":\"{\\\"port\\\":\\\"Brest\\\"}\",\"status\":\"completed\"}";

    private final ReceiptSamples samples;

    RouteSamples(ReceiptSamples samples) {
        this.samples = samples;
    }

    /** Two prompts, each continued by the better of two candidates, which the answer repeats in front. */
    Exchange completion() {
        String request = "{\"model\":\"" + MODEL + "\",\"prompt\":[\"The sea\",\"The sky\"],\"max_tokens\":5,\"temperature\":0.5,\"best_of\":2,"
                + "\"n\":1,\"echo\":true,\"logprobs\":1,\"logit_bias\":{\"504\":-1.5},\"suffix\":null}";
        Generated generated = new Generated("completion", "/v1/completions", request, sampling(0.5, 5), List.of(SEA, SKY),
                new UsageBinding(6, 0, 13, List.of("stop", "length")));
        return samples.whole(generated, "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1763726400,\"model\":\"" + MODEL + "@1\",\"choices\":["
                + "{\"text\":\"The sky is blue\",\"index\":1,\"logprobs\":{\"tokens\":[\" is\",\" blue\"]},\"finish_reason\":\"length\"},"
                + "{\"text\":\"The sea is salt\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":6,\"completion_tokens\":13,\"total_tokens\":19}}");
    }

    /** Two choices side by side. */
    Exchange completionStream() {
        String request = "{\"model\":\"" + MODEL + "\",\"prompt\":[504,10346],\"max_tokens\":5,\"temperature\":0.5,\"n\":2,\"stream\":true}";
        Generated generated = new Generated("completion stream", "/v1/completions", request, sampling(0.5, 5), List.of(SEA, SKY),
                new UsageBinding(2, 0, 7, List.of("stop", "length")));
        StringBuilder events = new StringBuilder();
        for (String choice : List.of("{\"index\":0,\"text\":\" is\",\"finish_reason\":null}", "{\"index\":1,\"text\":\" was\",\"finish_reason\":null}",
                "{\"index\":1,\"text\":\"\",\"finish_reason\":\"length\"}", "{\"index\":0,\"text\":\" salt\",\"finish_reason\":\"stop\"}")) {
            events.append("data: {\"id\":\"cmpl-2\",\"object\":\"text_completion\",\"created\":1763726400,\"model\":\"" + MODEL + "@1\",\"choices\":[")
                    .append(choice).append("]}\n\n");
        }
        return samples.streamed(generated, events.toString());
    }

    /** A function is called. */
    Exchange response() {
        String request = "{\"model\":\"" + MODEL + "\",\"input\":\"When is high tide in Brest?\",\"instructions\":\"Use the tool.\",\"max_output_tokens\":64,"
                + "\"tools\":[{\"type\":\"function\",\"name\":\"tide\",\"parameters\":{\"type\":\"object\"}}],\"previous_response_id\":\"resp_0\"}";
        Generated generated = new Generated("response", "/v1/responses", request, sampling(1, 64), List.of(SEA),
                new UsageBinding(40, 0, SEA.length, List.of("tool_calls")));
        return samples.whole(generated, response("resp_1", "completed", "null", "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}," + CALLED));
    }

    /** Ended by the limit of tokens. */
    Exchange responseStream() {
        String request = "{\"model\":\"" + MODEL + "\",\"input\":[{\"role\":\"user\",\"content\":\"What is the sea?\"}],\"max_output_tokens\":5,\"stream\":true}";
        Generated generated = new Generated("response stream", "/v1/responses", request, sampling(1, 5), List.of(SEA),
                new UsageBinding(31, 0, SEA.length, List.of("length")));
        String item = "{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"incomplete\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
                + "\"text\":\"The sea is\",\"annotations\":[]}]}";
        String events = event("response.created", 0, "\"response\":" + response("resp_2", "in_progress", "null", ""))
                + event("response.output_item.added", 1, "\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"msg_1\"}")
                + event("response.output_text.delta", 2, "\"output_index\":0,\"content_index\":0,\"delta\":\"The sea\"")
                + event("response.output_text.delta", 3, "\"output_index\":0,\"content_index\":0,\"delta\":\" is\"")
                + event("response.incomplete", 4, "\"response\":" + response("resp_2", "incomplete", "{\"reason\":\"max_output_tokens\"}", item));
        return samples.streamed(generated, events);
    }

    /** Two choices, one of which calls two tools. */
    Exchange tools() {
        String request = "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"When is high tide?\"}],\"n\":2,\"stream\":true,"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"tide\",\"parameters\":{\"type\":\"object\"}}}],\"tool_choice\":\"auto\","
                + "\"max_completion_tokens\":64,\"response_format\":{\"type\":\"text\"}}";
        Generated generated = new Generated("tools", ReceiptSamples.PATH, request, sampling(1, 64), List.of(SEA, SKY),
                new UsageBinding(40, 0, 7, List.of("tool_calls", "stop")));
        StringBuilder events = new StringBuilder();
        for (String choice : List.of(
                "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"tide\",\"arguments\":\"\"}}]}}",
                "{\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":\"At\"}}",
                "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"port\\\":\"}}]}}",
                "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Brest\\\"}\"}},"
                        + "{\"index\":1,\"id\":\"call_2\",\"type\":\"function\",\"function\":{\"name\":\"tide\",\"arguments\":\"{}\"}}]}}",
                "{\"index\":1,\"delta\":{\"content\":\" noon.\"},\"finish_reason\":\"stop\"}",
                "{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}")) {
            events.append("data: {\"id\":\"chatcmpl-3\",\"object\":\"chat.completion.chunk\",\"created\":1763726400,\"model\":\"" + MODEL + "@1\",\"choices\":[")
                    .append(choice).append("]}\n\n");
        }
        return samples.streamed(generated, events.toString());
    }

    private static SamplingBinding sampling(double temperature, int maxTokens) {
        return new SamplingBinding(temperature, 1, 0, 0, 0, 0, 1, 42, maxTokens, List.of());
    }

    private static String event(String type, int number, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":" + number + "," + members + "}\n\n";
    }

    private static String response(String id, String status, String incomplete, String output) {
        return "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":1763726400,\"status\":\"" + status + "\",\"error\":null,\"incomplete_details\":"
                + incomplete + ",\"model\":\"" + MODEL + "@1\",\"output\":[" + output + "]}";
    }
}
