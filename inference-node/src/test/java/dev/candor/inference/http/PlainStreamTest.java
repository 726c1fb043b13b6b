package dev.candor.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candor.inference.testing.HttpFixture;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams go out as they are, whatever a client could unpack: a compressed one would come in lumps. */
class PlainStreamTest extends ServedNode {
    @Override
    HttpFixture.Setup setup() {
        return HttpFixture.Setup.free();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/chat/completions | {'model':'echo','stream':true,'messages':[{'role':'user','content':'hello'}]}",
        "/v1/completions      | {'model':'echo','stream':true,'prompt':'hello'}",
        "/v1/responses        | {'model':'echo','stream':true,'input':'hello'}",
    })
    void noStreamIsCompressedOrKept(String path, String body) throws Exception {
        for (String encodings : new String[] {"gzip, br, deflate", "gzip;q=1, identity;q=0", "*"}) {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(Duration.ofSeconds(60))
                    .header("content-type", "application/json")
                    .header("accept-encoding", encodings)
                    .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                    .build());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
            assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
            assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
            assertThat(answer.headers().firstValue("x-accel-buffering")).contains("no");
            assertThat(answer.headers().firstValue("transfer-encoding")).contains("chunked");
            assertThat(answer.body()).contains("data: {");
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/models", "/metrics", "/livez"})
    void nothingElseIsCompressedEither(String path) throws Exception {
        assertThat(client.get(path, "accept-encoding", "gzip, br, deflate").headers().firstValue("content-encoding")).isEmpty();
    }
}
