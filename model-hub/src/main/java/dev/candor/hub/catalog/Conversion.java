package dev.candor.hub.catalog;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ModelForm;
import dev.candor.hub.importer.encoder.EncoderRecipe;
import java.util.List;
import java.util.Optional;

/**
 * What a model's files are converted to.
 *
 * @param size           bytes of the converted folder
 * @param manifestDigest root digest of the converted folder; a conversion that gives another is refused
 * @param chatTemplate   Jinja source, where the file's own template is not to be used
 * @param encoder        how to make an encoder; absent for a decoder
 * @param plainDigest    the digest that is accepted too: that of an encoder whose rewritten graph does not compute the same on this machine
 */
public record Conversion(
        ModelForm form,
        long size,
        Digest manifestDigest,
        Optional<String> chatTemplate,
        Optional<EncoderRecipe> encoder,
        Optional<Digest> plainDigest) {
    /** Of a decoder. */
    public Conversion(ModelForm form, long size, Digest manifestDigest, Optional<String> chatTemplate) {
        this(form, size, manifestDigest, chatTemplate, Optional.empty(), Optional.empty());
    }

    /** Whether a converted folder may have this digest. */
    public boolean accepts(Digest digest) {
        return digest.equals(manifestDigest) || plainDigest.filter(digest::equals).isPresent();
    }

    /** The digests that a converted folder may have. */
    public List<Digest> digests() {
        return plainDigest.map(plain -> List.of(manifestDigest, plain)).orElse(List.of(manifestDigest));
    }
}
