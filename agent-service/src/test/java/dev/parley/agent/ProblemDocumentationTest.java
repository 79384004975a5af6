package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.platform.problem.ProblemType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemDocumentationTest {
    @Test
    void everyProblemHasItsPage() {
        List<ProblemType> problems = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.parley.agent")
                        .stream()
                        .filter(type -> type.isEnum() && type.isAssignableTo(ProblemType.class))
                        .map(JavaClass::reflect)
                        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
                        .map(ProblemType.class::cast)
                        .toList();
        assertThat(problems).hasSizeGreaterThanOrEqualTo(14);
        assertThat(problems).allSatisfy(problem -> {
            String slug = Path.of(problem.type().getPath()).getFileName().toString();
            Path page = Path.of("..", "docs", "problems", slug + ".md");
            assertThat(page).exists();
            assertThat(Files.readString(page)).contains(problem.name()).contains(String.valueOf(problem.status()));
        });
    }
}
