package dev.candor.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Benchmarks stand above everything and use it as any program would; the libraries stay where the design puts them. */
class ImportRulesTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.candor.bench");

    @Test
    void noLibraryOfTheModulesBelowIsUsedDirectly() {
        noClasses()
                .should().dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "ai.onnxruntime..", "org.web3j..", "org.bouncycastle..", "java.sql..", "tools.jackson..")
                .check(CLASSES);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().haveModifier(JavaModifier.FINAL).check(CLASSES);
    }
}
