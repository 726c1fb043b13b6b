package dev.candor.inference.http;

import dev.candor.hub.manifest.EncoderTask;
import dev.candor.inference.openai.ApiException;

/** Finds encoder models for a task. Thread-safe. */
record EncoderModels(Models models) {
    /** @throws ApiException if there is no such model, or its task is none of {@code tasks}; then with the route that is right */
    EncoderModel find(String name, EncoderTask... tasks) throws ApiException {
        EncoderModel model = models.find(name, EncoderModel.class);
        for (EncoderTask task : tasks) {
            if (model.config().task() == task) {
                return model;
            }
        }
        throw Models.wrongRoute(model);
    }

    /** The double whose shortest decimal form is the float's: what is written is what the receipt's digest is over. */
    static double exact(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
