package dev.candor.inference.testing;

import dev.candor.inference.engine.EngineInfo;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.encoder.EncoderInput;
import dev.candor.inference.engine.encoder.EncoderRunner;
import java.util.List;

/** A runner that does what another does; tests change what they want otherwise. */
public class ForwardingEncoderRunner implements EncoderRunner {
    private final EncoderRunner runner;

    public ForwardingEncoderRunner(EncoderRunner runner) {
        this.runner = runner;
    }

    @Override
    public EngineInfo info() {
        return runner.info();
    }

    @Override
    public int vocabSize() {
        return runner.vocabSize();
    }

    @Override
    public int maxRunTokens() {
        return runner.maxRunTokens();
    }

    @Override
    public List<float[]> run(List<EncoderInput> batch) throws ModelException {
        return runner.run(batch);
    }

    @Override
    public void rest() {
        runner.rest();
    }

    @Override
    public void close() {
        runner.close();
    }
}
