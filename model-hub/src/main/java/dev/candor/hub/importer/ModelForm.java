package dev.candor.hub.importer;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The precisions a decoder is written in. */
public enum ModelForm {
    /** 32-bit floats, for comparisons. */
    FP32("fp32"),
    /** 8-bit blocks of 32, symmetric; Q8_0 is kept as it is. */
    Q8("q8"),
    /** The blocks of Q4_0, Q4_1 and Q8_0 without any further rounding. */
    Q4EXACT("q4exact");

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
