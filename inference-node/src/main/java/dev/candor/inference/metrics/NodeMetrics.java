package dev.candor.inference.metrics;

import dev.candor.inference.engine.EngineStats;
import dev.candor.inference.engine.GenerationResult;
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
                    timer("time_to_first_token_seconds", tags, FIRST_TOKEN_BUCKETS),
                    timer("gen_ai.server.time_to_first_token", tags, FIRST_TOKEN_BUCKETS));
            this.nextToken = List.of(
                    timer("inter_token_latency_seconds", tags, TOKEN_BUCKETS),
                    timer("gen_ai.server.time_per_output_token", tags, TOKEN_BUCKETS));
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

        public void finished(GenerationResult result) {
            Duration whole = Duration.ofNanos(System.nanoTime() - start);
            timer("e2e_request_latency_seconds", tags, REQUEST_BUCKETS).record(whole);
            timer("gen_ai.server.request.duration", tags, REQUEST_BUCKETS).record(whole);
            counter("prompt_tokens", tags).increment(result.promptTokens());
            counter("generation_tokens", tags).increment(result.tokens().length);
            counter("request_success", tags.and("finished_reason", result.finishReason().wire())).increment();
            requests.increment();
        }

        public void failed() {
            counter("request_failure", tags).increment();
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
            counter("candor_tensor_kib", tags).increment(kib);
            end();
        }

        /** @param tokens that an encoder read */
        public void encoded(int tokens) {
            counter("prompt_tokens", tags).increment(tokens);
            end();
        }

        private void end() {
            timer("e2e_request_latency_seconds", tags, REQUEST_BUCKETS).record(Duration.ofNanos(System.nanoTime() - start));
            counter("request_success", tags.and("finished_reason", "stop")).increment();
            requests.increment();
        }

        public void failed() {
            counter("request_failure", tags).increment();
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
        counter("candor_errors", Tags.of("code", code)).increment();
    }

    /** Reads an engine's load whenever the metrics are read. */
    public void watchEngine(String model, Supplier<EngineStats> stats) {
        Tags tags = Tags.of("model_name", model);
        Gauge.builder("num_requests_running", () -> stats.get().running()).tags(tags).register(registry);
        Gauge.builder("num_requests_waiting", () -> stats.get().waiting()).tags(tags).register(registry);
        Gauge.builder("candor_tokens_per_second", () -> stats.get().tokensPerSecond()).tags(tags).register(registry);
        Gauge.builder("kv_cache_usage_perc", () -> stats.get().kv().usage()).tags(tags).register(registry);
        Gauge.builder("candor_kv_memory_limit_bytes", () -> stats.get().kv().limit()).tags(tags).register(registry);
        Gauge.builder("candor_kv_memory_used_bytes", () -> stats.get().kv().used()).tags(tags).register(registry);
        total("prefix_cache_queries", tags, () -> stats.get().prefixes().queried());
        total("prefix_cache_hits", tags, () -> stats.get().prefixes().hits());
        total("num_preemptions", tags, () -> stats.get().preemptions());
        total("spec_decode_num_drafts", tags, () -> stats.get().drafts().drafts());
        total("spec_decode_num_draft_tokens", tags, () -> stats.get().drafts().tokens());
        total("spec_decode_num_accepted_tokens", tags, () -> stats.get().drafts().accepted());
    }

    /** Lets go of an engine that is closed. */
    public void forgetEngine(String model) {
        registry.getMeters().stream()
                .filter(meter -> (meter instanceof Gauge || meter instanceof FunctionCounter) && model.equals(meter.getId().getTag("model_name")))
                .forEach(registry::remove);
    }

    /** Adds a gauge of the node's own, read whenever the metrics are read. */
    public void gauge(String name, Supplier<Number> value) {
        Gauge.builder(name, value).register(registry);
    }

    /** The Prometheus text format, version 0.0.4. */
    public String prometheus() {
        return registry.scrape();
    }

    private void total(String name, Tags tags, LongSupplier value) {
        FunctionCounter.builder(name, value, LongSupplier::getAsLong).tags(tags).register(registry);
    }

    private Counter counter(String name, Tags tags) {
        return Counter.builder(name).tags(tags).register(registry);
    }

    private Timer timer(String name, Tags tags, Duration[] buckets) {
        return Timer.builder(name).tags(tags).serviceLevelObjectives(buckets).register(registry);
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }
}
