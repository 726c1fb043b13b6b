package dev.candor.inference.engine;

/** Which sequences go first where not all can. */
public enum Priority {
    /** Somebody waits for it. */
    INTERACTIVE,
    /** It may take longer, in exchange for leaving others the way; it never starves. */
    BATCH
}
