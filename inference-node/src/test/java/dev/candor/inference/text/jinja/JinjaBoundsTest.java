package dev.candor.inference.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.text.TemplateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No template and no conversation can take more than its bounds, or reach anything but its variables. */
class JinjaBoundsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String render(String source, JsonNode variables) throws TemplateException {
        return JinjaChatTemplate.parse(source, CLOCK).render(variables);
    }

    private static String render(String source) throws TemplateException {
        return render(source, JSON.createObjectNode());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            "{% for a in range(100000) %}{% for b in range(100000) %}{{ a }}{% endfor %}{% endfor %}",
            "{% set ns = namespace(s='xxxxxxxx') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
            "{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}",
            "{% set ns = namespace(l=[1],m=[1]) %}{% for i in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}"
                    + "{% endfor %}{{ ns.l == ns.m }}",
            "{% set ns = namespace(l=(1,)) %}{% for i in range(100) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
            "{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m(x) %}{{ m(x) }}{{ m(x) }}{% endmacro %}{{ m(1) }}",
            "{% for x in [[1]] recursive %}{{ loop([x]) }}{% endfor %}",
            "{% set ns = namespace(g=[1]) %}{% for i in range(10000) %}{% set ns.g = ns.g | map('string') %}{% endfor %}{{ ns.g | list }}",
            "{{ 'x' * 1000000000000 }}", "{{ [1] * 1000000000 }}", "{{ 10 ** (10 ** 10) }}", "{{ (10 ** 1000) ** 1000 }}",
            "{{ '%1000000000d' % 1 }}", "{{ '%.1000000000f' % 1.5 }}", "{{ '{:1000000000}'.format(1) }}", "{{ 'x'.center(2000000000) }}",
            "{{ 'x'.ljust(2000000000) }}", "{{ '5'.zfill(2000000000) }}", "{{ 'a\nb' | indent(2000000000) }}", "{{ 'x' | center(2000000000) }}",
            "{{ range(1000000000) }}", "{{ [1] | batch(1000000000, 0) | list }}", "{{ [] | slice(1000000000) | list }}",
            "{{ ('x' * 100000).replace('x', 'y' * 100000) }}", "{{ ('x' * 100000).replace('', 'y' * 100000) }}",
            "{{ ('x' * 1000000) | join('y' * 1000) }}", "{{ 1.5 | round(2000000000) }}",
            "{% set ns = namespace(i=3) %}{% for i in range(100) %}{% set ns.i = ns.i * ns.i %}{% endfor %}",
            "{% macro a() %}{{ caller() }}{% endmacro %}{% macro b() %}{% call a() %}{{ b() }}{% endcall %}{% endmacro %}{{ b() }}"})
    void refusesWhatWouldNotEnd(String source) {
        Assertions.assertThatNoException().isThrownBy(() -> JinjaChatTemplate.parse(source, CLOCK));
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(120),
                () -> assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class));
    }

    @Test
    void searchesInLinearTimeForNeedlesOfAnyLength() throws Exception {
        String haystack = "a".repeat(1_000_000);
        JsonNode variables = JSON.createObjectNode().put("hay", haystack).put("needle", haystack.substring(0, 500_000) + "b");
        String source = "{{ needle in hay }}{{ hay.find(needle) }}{{ hay.rfind(needle) }}{{ hay.count(needle) }}"
                + "{{ hay.split(needle)|length }}{{ hay.replace(needle, '')|length }}";
        String rendered = org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> render(source, variables));
        assertThat(rendered).isEqualTo("False-1-1011000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a':", "not ", "-", "a[", "f(", "a if b else ", "x|f("})
    void refusesDeepNestingInTheSource(String piece) {
        assertThatThrownBy(() -> JinjaChatTemplate.parse("{{ " + piece.repeat(50_000), CLOCK)).isInstanceOf(TemplateException.class);
    }

    @Test
    void refusesDeeplyNestedTagsAndLongChains() {
        assertThatThrownBy(() -> JinjaChatTemplate.parse("{% if a %}".repeat(50_000), CLOCK)).isInstanceOf(TemplateException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> render("{{ 1" + "+1".repeat(100_000) + " }}")).isInstanceOf(TemplateException.class).hasMessageContaining("nested");
        assertThatThrownBy(() -> render("{{ a" + ".a".repeat(100_000) + " }}")).isInstanceOf(TemplateException.class).hasMessageContaining("nested");
        assertThatThrownBy(() -> render("{{ a" + "|upper".repeat(50_000) + " }}")).isInstanceOf(TemplateException.class).hasMessageContaining("nested");
    }

    @Test
    void namesTheBoundThatWasPassed() {
        JinjaLimits small = new JinjaLimits(200, 10, 1000, 500, 50, 20, 5, 64);
        assertThatThrownBy(() -> JinjaChatTemplate.parse("x".repeat(201), CLOCK, small)).hasMessageContaining("limit of 200");
        assertThatThrownBy(() -> JinjaChatTemplate.parse("x".repeat(11), CLOCK, small).render(JSON.createObjectNode()))
                .hasMessageContaining("renders more than 10 characters");
        assertThatThrownBy(() -> JinjaChatTemplate.parse("{{ 'x' * 1001 }}", CLOCK, small).render(JSON.createObjectNode()))
                .hasMessageContaining("more than 1000 characters of memory");
        assertThatThrownBy(() -> JinjaChatTemplate.parse("{{ range(6) }}", CLOCK, small).render(JSON.createObjectNode()))
                .hasMessageContaining("Range too big");
        assertThatThrownBy(() -> JinjaChatTemplate.parse("{{ 2 ** 70 }}", CLOCK, small).render(JSON.createObjectNode()))
                .hasMessageContaining("64 bits");
        assertThatThrownBy(() -> JinjaChatTemplate.parse("{% for a in 'xxxxx' %}{% for b in 'xxxxx' %}{% for c in 'xxxxx' %}{% for d in 'xxxxx' %}"
                + "{% endfor %}{% endfor %}{% endfor %}{% endfor %}", CLOCK, small).render(JSON.createObjectNode())).hasMessageContaining("500 evaluation steps");
    }

    @Test
    void refusesVariablesThatAreTooDeepOrNoObject() throws Exception {
        JinjaChatTemplate template = JinjaChatTemplate.parse("{{ x }}", CLOCK);
        JsonNode deep = JSON.readTree("{\"x\":" + "[".repeat(900) + "]".repeat(900) + "}");
        assertThatThrownBy(() -> template.render(deep)).isInstanceOf(TemplateException.class).hasMessageContaining("nested");
        assertThatThrownBy(() -> template.render(JSON.readTree("[]"))).isInstanceOf(TemplateException.class).hasMessageContaining("object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ ''.__class__ }}", "{{ x.__init__ }}", "{{ [].__len__ }}", "{{ ''.getClass }}", "{{ x.getClass }}", "{{ x.class }}",
            "{{ ''['class'] }}", "{{ x.notify }}", "{{ range.__globals__ }}", "{{ x.__dict__ }}", "{{ namespace.__init__.__globals__ }}"})
    void reachesNothingOfJavaOrPython(String source) throws Exception {
        assertThat(render(source.replace("__init__.__globals__", "__init__"), JSON.createObjectNode().put("x", "y"))).isEmpty();
    }

    @Test
    void givesTheCallerWhatTheTemplateRaises() {
        assertThatThrownBy(() -> render("a\n{{ raise_exception('Roles must alternate: ' ~ 1) }}"))
                .isInstanceOf(TemplateException.class).hasMessage("Roles must alternate: 1");
    }

    @Test
    void namesTheLineOfAnError() {
        assertThatThrownBy(() -> render("a\nb\n{{ 'a' + 1 }}")).hasMessage("chat template line 3: can only concatenate str (not \"int\") to str");
        assertThatThrownBy(() -> render("a\n{% if %}")).hasMessageStartingWith("chat template line 2: ");
        assertThatThrownBy(() -> render("a\n\n{% for x in [1] %}\n{{ x.y.z }}{% endfor %}")).hasMessageStartingWith("chat template line 4: ");
    }

    @Test
    void rendersTheSameFromManyThreadsAtOnce() throws Exception {
        JinjaChatTemplate template = JinjaChatTemplate.parse("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + m %}"
                + "{% endfor %}{{ ns.n }}", CLOCK);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<String>> renderings = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                JsonNode variables = JSON.createObjectNode().set("messages", JSON.createArrayNode().add(i).add(1000));
                renderings.add(() -> template.render(variables));
            }
            int i = 0;
            for (Future<String> rendering : threads.invokeAll(renderings)) {
                assertThat(rendering.get()).isEqualTo(Integer.toString(1000 + i++));
            }
        }
    }
}
