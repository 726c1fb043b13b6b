package dev.candor.hub.catalog;

import dev.candor.attestation.digest.Digest;
import java.net.URI;

/** Where a model's file can be had. */
public sealed interface ModelSource {
    /** What the source is called in messages. */
    String label();

    /**
     * A member of a wheel on the Python package index.
     *
     * @param wheelSize bytes of the wheel
     * @param member    path of the file within the wheel
     */
    record PythonPackage(String name, String version, long wheelSize, Digest wheelSha256, String member) implements ModelSource {
        @Override
        public String label() {
            return "Python package " + name + " " + version;
        }
    }

    /** The publisher's own address of the file. */
    record Url(URI url) implements ModelSource {
        @Override
        public String label() {
            return url.getHost();
        }
    }
}
