package dev.candor.inference.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.candor.inference.engine.testing.Models;
import dev.candor.inference.engine.testing.TensorGraphs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelsImportCommandTest {
    private static final Path GOLDEN = Path.of(System.getProperty("candor.root"), "oracles", "golden");

    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void loadRuntime() {
        Models.loadRuntime();
    }

    @Test
    void importsAndListsAModel() throws Exception {
        assertThat(run("import", GOLDEN.resolve("qwen3/hf").toString(), "--name", "me/tiny@1", "--form", "q8")).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("me/tiny@1 in form q8: [0-9.]+ MB in [0-9.]+ s, from [0-9.]+ MB of safetensors")
                .containsPattern("against fp32 over [0-9]+ tokens: KL 0\\.[0-9]+ nats, same best token [0-9.]+ %")
                .contains("serve it by: candor up --model me/tiny@1:q8");

        assertThat(run()).isZero();
        assertThat(out.toString()).contains("me/tiny@1:q8  imported, served by candor up --model me/tiny@1:q8");
    }

    @Test
    void reportsInJson() throws Exception {
        Path template = Files.writeString(home.resolve("template.jinja"), "{{ messages }}");
        assertThat(run("import", GOLDEN.resolve("phi3/model.gguf").toString(), "--form", "fp32", "--json", "--chat-template", template.toString(),
                "--licence", "MIT", "--max-context", "64")).as(err.toString()).isZero();

        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.get("name").textValue()).isEqualTo("local/model@1");
        assertThat(report.get("form").textValue()).isEqualTo("fp32");
        assertThat(report.get("bytes").longValue()).isPositive();
        assertThat(report.at("/quality/skipped").textValue()).contains("fp32");
        Path folder = Path.of(report.get("folder").textValue());
        assertThat(folder.resolve("chat_template.jinja")).hasContent("{{ messages }}");
        assertThat(new ObjectMapper().readTree(folder.resolve("config.json").toFile()).get("context_length").intValue()).isEqualTo(64);
        assertThat(new ObjectMapper().readTree(folder.resolve("manifest.json").toFile()).toString()).contains("MIT");
    }

    @Test
    void replacesAnotherModelOfTheSameNameOnlyWhereThatIsAskedFor() throws Exception {
        Path first = TensorGraphs.arithmetic(Files.createDirectories(home.resolve("first")));
        Path second = GOLDEN.resolve("phi3/model.gguf");
        assertThat(run("import", first.toString(), "--name", "me/sums@1")).as(err.toString()).isZero();
        assertThat(run("import", first.toString(), "--name", "me/sums@1")).as("the same again").isZero();
        assertThat(run("import", second.toString(), "--name", "me/sums@1", "--form", "q8", "--no-quality")).as("another form").isZero();

        assertThat(run("import", second.toString(), "--name", "me/sums@1", "--form", "fp32")).isEqualTo(1);
        assertThat(err.toString()).contains("me/sums@1:fp32 is here already and is another model (digest ",
                "choose another version by --name, or have the one that is here replaced by --replace");
        assertThat(run("import", first.toString(), "--name", "me/sums@1")).as("what was there stayed").isZero();
        assertThat(run("import", second.toString(), "--name", "me/sums@1", "--form", "fp32", "--replace")).as(err.toString()).isZero();
        assertThat(run("import", first.toString(), "--name", "me/sums@1")).as("it was replaced").isEqualTo(1);
    }

    @Test
    void refusesToConvertAGraphThatIsTakenAsItIs() throws Exception {
        Path graph = TensorGraphs.arithmetic(home);
        assertThat(run("import", graph.toString(), "--name", "me/sums@1", "--form", "q8")).isEqualTo(1);
        assertThat(err.toString()).contains("this one is in form fp32: it cannot be converted to q8; leave --form away");
        assertThat(run("import", graph.toString(), "--name", "me/sums@1", "--form", "fp32")).as(err.toString()).isZero();
    }

    @Test
    void saysWhatCannotBeImported() throws Exception {
        Path broken = Files.writeString(home.resolve("broken.gguf"), "no model");

        assertThat(run("import", broken.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("candor: broken.gguf cannot be read as a GGUF model: this is no GGUF file");
        Path garbage = Files.writeString(home.resolve("garbage.onnx"), "no model");
        assertThat(run("import", garbage.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("candor: garbage.onnx cannot be read as an ONNX model: ", "download or export it again");
        assertThat(run("import", broken.toString(), "--form", "q7")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no form q7; the forms are fp32, q8");
        assertThat(run("import", broken.toString(), "--name", "Me")).isEqualTo(2);
        assertThat(err.toString()).contains("a model's name is written publisher/name@version");
    }

    @Test
    void saysPlainlyWhatIsNoModelAtAll() throws Exception {
        Path text = Files.writeString(home.resolve("notes.txt"), "shopping list");
        assertThat(run("import", text.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("candor: notes.txt is no model that can be imported: give a GGUF, safetensors or ONNX file");

        Path garbage = Files.writeString(home.resolve("garbage.onnx"), "this is not protobuf");
        assertThat(run("import", garbage.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("candor: garbage.onnx cannot be read as an ONNX model: ");

        Path cloned = Files.createDirectories(home.resolve("cloned"));
        Files.writeString(cloned.resolve("config.json"), "{}");
        Files.writeString(cloned.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        assertThat(run("import", cloned.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("model.safetensors is only Git LFS's pointer", "git lfs pull");

        assertThat(run("import", Files.createDirectories(home.resolve("empty")).toString())).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(4);
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 3];
        all[0] = "models";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--home";
        all[all.length - 1] = home.toString();
        return line.execute(all);
    }
}
