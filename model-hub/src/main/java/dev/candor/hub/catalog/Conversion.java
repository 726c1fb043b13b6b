package dev.candor.hub.catalog;

import dev.candor.attestation.digest.Digest;
import dev.candor.hub.importer.ModelForm;
import java.util.Optional;

/**
 * What a model's file is converted to.
 *
 * @param size           bytes of the converted folder
 * @param manifestDigest root digest of the converted folder; a conversion that gives another is refused
 * @param chatTemplate   Jinja source, where the file's own template is not to be used
 */
public record Conversion(ModelForm form, long size, Digest manifestDigest, Optional<String> chatTemplate) {}
