package dev.candor.inference;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The import rules of the design, over the classes of every module that the node is made of. */
class ImportRulesTest {
    private static final Pattern SQL_CLASS = Pattern.compile("Sql.*|.*(Store|Ledger)");

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.candor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attestation", "hub", "settlement", "client", "inference"})
    void theClassesOfEveryModuleAreLookedAt(String module) {
        assertThat(classes.that(resideInAPackage("dev.candor." + module + ".."))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "io.vertx.., 'dev.candor.inference.http.., dev.candor.inference.hubapi.., dev.candor.inference.web..,"
                + " dev.candor.inference.proxy.., dev.candor.inference.metrics.., dev.candor.inference.node..'",
        "ai.onnxruntime.., dev.candor.inference.engine.ort..",
        "org.web3j.., 'dev.candor.settlement.chain.., dev.candor.settlement.scheme..'",
        "org.bouncycastle.., 'dev.candor.attestation.., dev.candor.settlement.scheme..'",
    })
    void aLibraryIsUsedOnlyInItsPackages(String library, String packages) {
        noClasses()
                .that(not(resideInAnyPackage(packages.split(", *"))))
                .should().dependOnClassesThat().resideInAPackage(library)
                .because("it may be used only in " + packages)
                .check(classes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tlog", "receipt", "evidence", "appraisal", "cbor"})
    void bouncyCastleStaysInTheCryptoPartsOfAttestation(String part) {
        noClasses()
                .that().resideInAPackage("dev.candor.attestation." + part)
                .should().dependOnClassesThat().resideInAPackage("org.bouncycastle..")
                .because("signing and hashing are done in the crypto and digest packages")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void sqlIsSpokenOnlyByClassesNamedForIt() {
        noClasses()
                .that(not(new DescribedPredicate<JavaClass>("named Sql*, *Store or *Ledger") {
                    @Override
                    public boolean test(JavaClass type) {
                        return SQL_CLASS.matcher(outermost(type).getSimpleName()).matches();
                    }
                }))
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..")
                .because("only classes named Sql*, *Store or *Ledger speak SQL")
                .check(classes);
    }

    @ParameterizedTest
    @CsvSource({
        "attestation, 'hub,settlement,client,inference,bench'",
        "hub, 'settlement,client,inference,bench'",
        "settlement, 'hub,client,inference,bench'",
        "client, 'hub,inference,bench'",
        "inference, bench",
    })
    void modulesPointDownwards(String module, String forbidden) {
        String[] packages = forbidden.split(",");
        for (int i = 0; i < packages.length; i++) {
            packages[i] = "dev.candor." + packages[i] + "..";
        }
        noClasses()
                .that().resideInAPackage("dev.candor." + module + "..")
                .should().dependOnClassesThat().resideInAnyPackage(packages)
                .check(classes);
    }

    @Test
    void attestationHasNoServerNoEngineAndNoChain() {
        noClasses()
                .that().resideInAPackage("dev.candor.attestation..")
                .should().dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "com.sun.net.httpserver..", "java.net.http..", "ai.onnxruntime..", "org.web3j..")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.candor.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theSecondJacksonIsLeftToWeb3j() {
        noClasses().should().dependOnClassesThat().resideInAPackage("tools.jackson..").check(classes);
    }

    @Test
    void thereIsOneMain() {
        methods()
                .that().haveName("main").and().areStatic()
                .should().beDeclaredInClassesThat().haveFullyQualifiedName("dev.candor.inference.cli.Main")
                .check(classes);
    }

    @Test
    void nothingStaticChanges() {
        fields()
                .that().areStatic()
                .should().haveModifier(JavaModifier.FINAL)
                .check(classes);
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
