package dev.candor.inference.config;

import dev.candor.hub.manifest.ModelName;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator asks for a model.
 *
 * @param model  its name, with or without publisher and version
 * @param input  atomic units of OPG per token read, or per KiB of tensors taken
 * @param output atomic units per token answered
 */
public record ModelPrice(String model, BigInteger input, BigInteger output) {
    private static final Pattern FORM = Pattern.compile("([^=]{1,200})=(\\d{1,30})(?::(\\d{1,30}))?");

    /** Reads {@code NAME=INPUT[:OUTPUT]}. @throws ConfigException if {@code text} is anything else */
    public static ModelPrice parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new ConfigException("--price must be NAME=INPUT or NAME=INPUT:OUTPUT in atomic units of OPG, got " + text);
        }
        return new ModelPrice(matcher.group(1), new BigInteger(matcher.group(2)), new BigInteger(matcher.group(3) == null ? "0" : matcher.group(3)));
    }

    /** Whether it is the price of the model {@code publisher/name@version}. */
    public boolean isOf(String fullName) {
        return ModelName.spellings(fullName).contains(model);
    }
}
