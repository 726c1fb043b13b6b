package dev.candor.hub.importer;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The precisions a decoder is written in. */
public enum ModelForm {
    /** 32-bit floats, for comparisons. */
    FP32("fp32"),
    /** 8-bit blocks of 32, symmetric; Q8_0 is kept as it is. */
    Q8("q8"),
    /** 4-bit blocks of 32 with zero points; embedding and head as in q8. */
    Q4("q4"),
    /** The file's own quantised blocks without any further rounding. */
    Q4EXACT("q4exact"),
    /** 8-bit weights, a scale a row, times 8-bit activations, a scale a token: the fastest on long prompts, and the least true. */
    W8A8("w8a8"),
    /** 16-bit floats, weights and activations, for GPUs. */
    FP16("fp16"),
    /** As q8 with 16-bit activations and scales, for GPUs. */
    Q8F16("q8f16"),
    /** As q4 with 16-bit activations and scales, for GPUs. */
    Q4F16("q4f16");

    private final String label;

    ModelForm(String label) {
        this.label = label;
    }

    /** The name used in manifests, folders and configuration. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException if no form is called {@code label} */
    public static ModelForm of(String label) {
        return Arrays.stream(values())
                .filter(form -> form.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no form " + label + "; the forms are "
                        + Arrays.stream(values()).map(ModelForm::label).collect(Collectors.joining(", "))));
    }
}
