package dev.candor.inference.text.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import dev.candor.inference.text.ChatTemplate;
import dev.candor.inference.text.TemplateException;
import java.time.Clock;
import java.time.Instant;

/**
 * A chat template in Jinja2 as Hugging Face's {@code apply_chat_template} runs it: immutable sandbox, {@code trim_blocks},
 * {@code lstrip_blocks}, loop controls, no escaping, {@code tojson} without ASCII escapes, {@code raise_exception},
 * {@code strftime_now} and {@code generation} tags.
 *
 * <p>Parsed once and then immutable; every rendering has its own state and is bounded by {@link JinjaLimits}.
 */
public final class JinjaChatTemplate implements ChatTemplate {
    private final String source;
    private final Template template;
    private final Clock clock;
    private final JinjaLimits limits;

    private JinjaChatTemplate(String source, Template template, Clock clock, JinjaLimits limits) {
        this.source = source;
        this.template = template;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * @param clock what {@code strftime_now} reads, in its zone
     * @throws TemplateException if the source is not a template, naming the line, or passes a limit
     */
    public static JinjaChatTemplate parse(String source, Clock clock) throws TemplateException {
        return parse(source, clock, JinjaLimits.DEFAULT);
    }

    /** As {@link #parse(String, Clock)}, with other limits. */
    public static JinjaChatTemplate parse(String source, Clock clock, JinjaLimits limits) throws TemplateException {
        if (source.length() > limits.templateChars()) {
            throw new TemplateException("chat template: " + source.length() + " characters are more than the limit of "
                    + limits.templateChars());
        }
        try {
            return new JinjaChatTemplate(source, TemplateParser.parse(source, limits), clock, limits);
        } catch (JinjaError e) {
            throw new TemplateException(e.describe());
        } catch (StackOverflowError e) {
            throw new TemplateException("chat template: is nested too deeply for this thread's stack");
        }
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public ChatTemplate at(Instant time) {
        return new JinjaChatTemplate(source, template, Clock.fixed(time, clock.getZone()), limits);
    }

    @Override
    public String render(JsonNode variables) throws TemplateException {
        Budget budget = new Budget(limits);
        try {
            Scope context = Scope.outermost(Globals.table()).inner();
            new JsonValues(budget).variables(variables).forEach(context::set);
            return new Renderer(template, new Runtime(budget, clock)).render(context);
        } catch (JinjaError e) {
            throw new TemplateException(e.describe());
        } catch (StackOverflowError e) {
            throw new TemplateException("chat template: is nested too deeply for this thread's stack");
        }
    }
}
