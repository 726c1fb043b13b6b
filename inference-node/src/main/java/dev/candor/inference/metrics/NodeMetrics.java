package dev.candor.inference.metrics;

import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.InferenceEngine;
import dev.candor.inference.engine.ModelEngine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the node counts and times, under vLLM's metric names and OpenTelemetry's for GenAI servers. Thread-safe. */
public final class NodeMetrics {
    private static final Duration[] FIRST_TOKEN_BUCKETS = millis(1, 5, 10, 20, 40, 60, 80, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000, 20_000, 40_000, 80_000);
    private static final Duration[] TOKEN_BUCKETS = millis(1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2500);
    private static final Duration[] REQUEST_BUCKETS = millis(10, 50, 100, 300, 500, 800, 1000, 1500, 2000, 2500, 5000, 10_000, 15_000, 20_000, 30_000, 40_000, 50_000, 60_000, 120_000, 240_000);

    private static final String FIRST_TOKEN = "Time from a request to the first token of its answer.";
    private static final String NEXT_TOKEN = "Time between two tokens of an answer.";
    private static final String WHOLE = "Time from a request to the end of its answer.";
    private static final String PROMPT_TOKENS = "Tokens of prompts, or of texts that an encoder read.";
    private static final String SUCCESS = "Requests answered, by why the answer ended.";
    private static final String FAILURE = "Requests that failed.";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LongAdder requests = new LongAdder();

    /** One request's measurements, to be ended by {@link #finished} or {@link #failed}. */
    public final class RequestMeasurement implements RequestTimer {
        private final Tags tags;
        private final List<Timer> firstToken;
        private final List<Timer> nextToken;
        private final long start = System.nanoTime();
        private long last;
        private int seen;

        private RequestMeasurement(String model) {
            this.tags = Tags.of("model_name", model);
            this.firstToken = List.of(
                    timer("time_to_first_token_seconds", FIRST_TOKEN, tags, FIRST_TOKEN_BUCKETS),
                    timer("gen_ai.server.time_to_first_token", FIRST_TOKEN, tags, FIRST_TOKEN_BUCKETS));
            this.nextToken = List.of(
                    timer("inter_token_latency_seconds", NEXT_TOKEN, tags, TOKEN_BUCKETS),
                    timer("gen_ai.server.time_per_output_token", NEXT_TOKEN, tags, TOKEN_BUCKETS));
        }

        @Override
        public synchronized void tokens(int generated) {
            long now = System.nanoTime();
            if (seen == 0) {
                firstToken.forEach(timer -> timer.record(now - start, TimeUnit.NANOSECONDS));
            } else if (generated > seen) {
                long each = (now - last) / (generated - seen);
                nextToken.forEach(timer -> timer.record(each, TimeUnit.NANOSECONDS));
            }
            last = now;
            seen = generated;
        }

        /** @param promptTokens of the request, each prompt counted once */
        public void finished(int promptTokens, List<GenerationResult> results) {
            Duration whole = Duration.ofNanos(System.nanoTime() - start);
            timer("e2e_request_latency_seconds", WHOLE, tags, REQUEST_BUCKETS).record(whole);
            timer("gen_ai.server.request.duration", WHOLE, tags, REQUEST_BUCKETS).record(whole);
            counter("prompt_tokens", PROMPT_TOKENS, tags).increment(promptTokens);
            for (GenerationResult result : results) {
                counter("generation_tokens", "Tokens generated.", tags).increment(result.tokens().length);
                counter("request_success", SUCCESS, tags.and("finished_reason", result.finishReason().wire())).increment();
            }
            requests.increment();
        }

        public void failed() {
            counter("request_failure", FAILURE, tags).increment();
        }
    }

    /** The measurements of one run of a model that generates nothing, to be ended by {@link #finished}, {@link #encoded} or {@link #failed}. */
    public final class InferMeasurement {
        private final Tags tags;
        private final long start = System.nanoTime();

        private InferMeasurement(String model) {
            this.tags = Tags.of("model_name", model);
        }

        /** @param kib of tensors taken */
        public void finished(int kib) {
            counter("candor_tensor_kib", "Tensors taken by runs, in KiB.", tags).increment(kib);
            end();
        }

        /** @param tokens that an encoder read */
        public void encoded(int tokens) {
            counter("prompt_tokens", PROMPT_TOKENS, tags).increment(tokens);
            end();
        }

        private void end() {
            timer("e2e_request_latency_seconds", WHOLE, tags, REQUEST_BUCKETS).record(Duration.ofNanos(System.nanoTime() - start));
            counter("request_success", SUCCESS, tags.and("finished_reason", "stop")).increment();
            requests.increment();
        }

        public void failed() {
            counter("request_failure", FAILURE, tags).increment();
        }
    }

    public InferMeasurement infer(String model) {
        return new InferMeasurement(model);
    }

    public RequestMeasurement request(String model) {
        return new RequestMeasurement(model);
    }

    /** Requests answered since the start. */
    public long requests() {
        return requests.sum();
    }

    /** Counts an error answer. */
    public void error(String code) {
        counter("candor_errors", "Error answers, by their code.", Tags.of("code", code)).increment();
    }

    /** Reads an engine's load whenever the metrics are read: of one that generates, also what its memory and its guesses have come to. */
    public void watchEngine(String model, ModelEngine engine) {
        Tags tags = Tags.of("model_name", model);
        gauge("num_requests_running", "Requests at work.", tags, () -> engine.stats().running());
        gauge("num_requests_waiting", "Requests that wait for a place.", tags, () -> engine.stats().waiting());
        gauge("candor_tokens_per_second", "Tokens generated, or read by an encoder, in the last ten seconds, divided by ten.", tags,
                () -> engine.stats().tokensPerSecond());
        if (engine instanceof InferenceEngine) {
            watchMemory(tags, engine);
            watchGuesses(tags, engine);
        }
    }

    private void watchMemory(Tags tags, ModelEngine engine) {
        gauge("kv_cache_usage_perc", "Share, 0 to 1, of the memory for keys and values that requests at work need; cached prompts give way and do not count.", tags,
                () -> engine.stats().kv().usage());
        gauge("candor_kv_memory_limit_bytes", "Memory for keys and values at most, cached prompts included.", tags, () -> engine.stats().kv().limit());
        gauge("candor_kv_memory_used_bytes", "Memory that keys and values take now, cached prompts included.", tags, () -> engine.stats().kv().used());
        total("prefix_cache_queries", "Prompt tokens looked for in the prefix cache.", tags, () -> engine.stats().prefixes().queried());
        total("prefix_cache_hits", "Prompt tokens found in the prefix cache.", tags, () -> engine.stats().prefixes().hits());
        total("num_preemptions", "Times a request gave its place up and was resumed later.", tags, () -> engine.stats().preemptions());
    }

    private void watchGuesses(Tags tags, ModelEngine engine) {
        total("spec_decode_num_drafts", "Steps of a request in which tokens were guessed.", tags, () -> engine.stats().drafts().drafts());
        total("spec_decode_num_draft_tokens", "Tokens guessed.", tags, () -> engine.stats().drafts().tokens());
        total("spec_decode_num_accepted_tokens", "Tokens guessed rightly.", tags, () -> engine.stats().drafts().accepted());
    }

    /** Lets go of an engine that is closed. */
    public void forgetEngine(String model) {
        registry.getMeters().stream()
                .filter(meter -> (meter instanceof Gauge || meter instanceof FunctionCounter) && model.equals(meter.getId().getTag("model_name")))
                .forEach(registry::remove);
    }

    /** Shows what is kept of responses. */
    public void watchResponses(LongSupplier count, LongSupplier bytes) {
        gauge("candor_stored_responses", "Responses that can be asked for and continued.", Tags.empty(), count::getAsLong);
        gauge("candor_stored_response_bytes", "Memory that they take, more or less.", Tags.empty(), bytes::getAsLong);
    }

    /** The Prometheus text format, version 0.0.4. */
    public String prometheus() {
        return registry.scrape();
    }

    private void gauge(String name, String help, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(help).tags(tags).register(registry);
    }

    /** The registry keeps the function but only a weak reference to the object it is given; that must be one that stays. */
    private void total(String name, String help, Tags tags, LongSupplier value) {
        FunctionCounter.builder(name, this, kept -> value.getAsLong()).description(help).tags(tags).register(registry);
    }

    private Counter counter(String name, String help, Tags tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    private Timer timer(String name, String help, Tags tags, Duration[] buckets) {
        return Timer.builder(name).description(help).tags(tags).serviceLevelObjectives(buckets).register(registry);
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }
}
