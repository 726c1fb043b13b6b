package dev.candor.inference.node;

/** The node's version, as its jar states it. */
public final class Version {
    private Version() {}

    /** For example {@code 0.1.0}; {@code development} where classes are not run from a jar. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
