package dev.candor.inference.text;

/** A chat template could not be parsed, or could not or would not render a conversation; the message is fit for the caller. */
public final class TemplateException extends Exception {
    public TemplateException(String message) {
        super(message);
    }

    public TemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
