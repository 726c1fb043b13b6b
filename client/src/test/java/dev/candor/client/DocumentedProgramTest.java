package dev.candor.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents tell a first-time user to copy. */
class DocumentedProgramTest {
    private static final Path ROOT = Path.of(System.getProperty("candor.root"));
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(import .*?)```", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/sdk.md"})
    void compilesAsItIsWritten(String document) throws Exception {
        StringWriter errors = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-d", folder.toString(), "-proc:none", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        assertThat(compiler.getTask(errors, null, null, options, null, List.of(new Source(first(PROGRAM, document)))).call()).as(errors::toString).isTrue();
        assertThat(folder.resolve("Hello.class")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/sdk.md"})
    void namesTheVersionThatIsBuilt(String document) throws Exception {
        String version = first(VERSION, "pom.xml");
        assertThat(Files.readString(ROOT.resolve(document))).containsAnyOf("candor-client:" + version, "<artifactId>candor-client</artifactId>\n  <version>" + version);
    }

    private static String first(Pattern pattern, String file) throws Exception {
        Matcher matcher = pattern.matcher(Files.readString(ROOT.resolve(file)));
        assertThat(matcher.find()).as(file).isTrue();
        return matcher.group(1);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Hello.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreErrors) {
            return text;
        }
    }
}
