package dev.parley.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void bordersHold() {
        ArchitectureRules.check("dev.parley.policy");
    }

    @Test
    void engineAndRatingArePure() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.parley.policy.engine", "dev.parley.policy.rating")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "dev.parley.policy.engine",
                        "dev.parley.policy.rating",
                        "java.lang..",
                        "java.util..",
                        "java.time",
                        "org.jspecify..")
                .because("the rules are read, tested and replayed without a server")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.parley.policy"));
    }

    @Test
    void thePlatformsTablesAreItsFilesWordForWord() {
        org.assertj.core.api.Assertions.assertThat(dev.parley.testing.PlatformTables.copiesThatDiffer())
                .isEmpty();
    }
}
