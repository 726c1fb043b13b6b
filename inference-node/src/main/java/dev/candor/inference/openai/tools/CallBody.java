package dev.candor.inference.openai.tools;

import java.util.Optional;

/** One call as it is written, read a character at a time. */
sealed interface CallBody permits CallObject, NamedCall {
    /** @return false if it is no call, and nothing that follows makes it one */
    boolean accept(char c);

    /** The function's name, once it is known. */
    Optional<String> name();

    /** Whether name and the begin of the arguments are known, so that the call can be announced. */
    boolean begun();

    /** Arguments as JSON text that were not given before. */
    String takeArguments();

    /** Whether the arguments are whole. */
    boolean complete();

    /** Whether nothing more belongs to it. */
    boolean done();
}
