package dev.candor.inference.replay;

import dev.candor.attestation.receipt.ModelBinding;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.inference.engine.EngineOptions;
import dev.candor.inference.engine.GenerationListener;
import dev.candor.inference.engine.GenerationRequest;
import dev.candor.inference.engine.GenerationResult;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.Progress;
import dev.candor.inference.engine.ServiceTerms;
import dev.candor.inference.engine.ort.OrtModelRunner;
import dev.candor.inference.engine.ort.OrtOptions;
import dev.candor.inference.engine.ort.OrtRuntime;
import dev.candor.inference.engine.replay.Transcript;
import dev.candor.inference.engine.sampling.SamplingParams;
import dev.candor.inference.engine.schedule.BatchingEngine;
import dev.candor.inference.openai.PromptRenderer;
import dev.candor.inference.structured.ModelForms;
import dev.candor.inference.text.HfTokenizer;
import dev.candor.inference.text.TemplateException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A model opened for nothing but replays, and what replays are compared with. */
public final class ReplaySession implements AutoCloseable {
    private static final int CHUNK = 256;
    private static final double NANOS = 1e9;

    private final HfTokenizer tokenizer;
    private final BatchingEngine engine;
    private final ReplayModel model;

    private ReplaySession(HfTokenizer tokenizer, BatchingEngine engine, ReplayModel model) {
        this.tokenizer = tokenizer;
        this.engine = engine;
        this.model = model;
    }

    /**
     * Opens a model.
     *
     * @param natives where native libraries are kept unpacked
     * @throws IOException    if its files cannot be read
     * @throws ModelException if it cannot be run
     */
    public static ReplaySession open(VerifiedModel files, Path natives, int threads) throws IOException, ModelException {
        HfTokenizer tokenizer = HfTokenizer.open(files.tokenizer(), natives);
        try {
            OrtModelRunner runner = OrtModelRunner.open(OrtRuntime.load(natives), files.folder(), files.config(), new OrtOptions(1, 0, threads, true));
            EngineOptions options = new EngineOptions(1, CHUNK, Duration.ofSeconds(1)).withPrefixCache(false).withSpeculation(false);
            BatchingEngine engine = BatchingEngine.start(runner, tokenizer, files.config().eosTokens(), options);
            try {
                ModelBinding binding = new ModelBinding(files.manifest().name(), files.manifest().digest());
                return new ReplaySession(tokenizer, engine, new ReplayModel(binding, PromptRenderer.open(files, tokenizer, Clock.systemUTC()), ModelForms.of(tokenizer, files.config().eosTokens()), engine));
            } catch (IOException | TemplateException | RuntimeException e) {
                engine.close();
                throw e instanceof IOException io ? io : new IOException("the model's chat template cannot be used: " + e.getMessage(), e);
            }
        } catch (IOException | ModelException | RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    public ReplayModel model() {
        return model;
    }

    /** Seconds of prefills of prompts and answers that give the last logits only, one after the other. */
    public double prefillSeconds(List<Transcript> transcripts) throws Exception {
        double seconds = 0;
        for (Transcript transcript : transcripts) {
            int[] all = transcript.tokens();
            seconds += seconds(new GenerationRequest(Arrays.copyOf(all, all.length - 1), SamplingParams.greedy(), 1, 0, List.of(), true));
        }
        return seconds;
    }

    /** Seconds in which the answers are generated, one after the other. */
    public double generationSeconds(List<Transcript> transcripts) throws Exception {
        double seconds = 0;
        for (Transcript t : transcripts) {
            seconds += seconds(new GenerationRequest(
                    t.prompt(), t.sampling(), t.answer().length, t.minTokens(), t.stopStrings(), t.ignoreEos(), ServiceTerms.plain(),
                    OptionalInt.empty(), t.constraint()));
        }
        return seconds;
    }

    private double seconds(GenerationRequest request) throws Exception {
        Ending ending = new Ending();
        long begin = System.nanoTime();
        engine.submit(request, ending);
        try {
            ending.end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return (System.nanoTime() - begin) / NANOS;
    }

    private static final class Ending implements GenerationListener {
        private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

        @Override
        public void onProgress(Progress progress) {
            // Only the time counts.
        }

        @Override
        public void onFinished(GenerationResult result) {
            end.complete(result);
        }

        @Override
        public void onFailed(Exception failure) {
            end.completeExceptionally(failure);
        }
    }

    @Override
    public void close() {
        engine.close();
        tokenizer.close();
    }
}
