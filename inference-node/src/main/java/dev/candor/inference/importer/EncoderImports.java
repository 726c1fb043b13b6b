package dev.candor.inference.importer;

import dev.candor.hub.importer.ImportRequest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.importer.encoder.EncoderFiles;
import dev.candor.hub.importer.encoder.EncoderImporter;
import dev.candor.hub.manifest.ModelName;
import dev.candor.hub.manifest.VerifiedModel;
import dev.candor.hub.onnx.ElementType;
import dev.candor.hub.onnx.Initializer;
import dev.candor.hub.onnx.OnnxModel;
import dev.candor.hub.store.ProgressListener;
import dev.candor.hub.store.StoreWriting;
import dev.candor.inference.engine.ort.OrtGraphCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes encoders into the store, rewritten where that leaves what they compute as it was.
 *
 * @param natives where the runtime's native parts are kept unpacked
 */
record EncoderImports(Path natives) {
    private static final long SMALL_FILES = 64 << 20;

    VerifiedModel run(EncoderFiles files, ModelName name, String licence, ImportOrder order, StoreWriting writing, ProgressListener progress)
            throws IOException {
        ModelForm form = form(OnnxModel.read(files.graph()));
        order.requireForm(form.label());
        long size = Files.size(files.graph());
        String what = files.graph().getFileName().toString();
        ImportRequest request = new ImportRequest(name, licence, form, Optional.empty(), order.context());
        EncoderImporter importer = new EncoderImporter(new OrtGraphCheck(natives));
        return writing.publish(name, form.label(), 2 * size + SMALL_FILES, order.replace(), folder -> importer.convert(
                files, request, folder, done -> progress.progress(ProgressListener.Step.CONVERT, what, done, size)));
    }

    /** As the matrices are kept. */
    private static ModelForm form(OnnxModel model) {
        boolean bytes = false;
        boolean halves = false;
        for (Initializer tensor : model.graph().initializers()) {
            boolean matrix = tensor.dimensions().size() == 2;
            bytes |= matrix && (tensor.type() == ElementType.INT8 || tensor.type() == ElementType.UINT8);
            halves |= matrix && tensor.type() == ElementType.FLOAT16;
        }
        return bytes ? ModelForm.Q8 : halves ? ModelForm.FP16 : ModelForm.FP32;
    }
}
