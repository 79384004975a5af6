package dev.parley.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.engine.ReasonCode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemDocumentationTest {
    static Stream<String> codes() {
        Stream<String> denials = Stream.of(ReasonCode.values())
                .filter(reason -> reason != ReasonCode.ALLOWED)
                .map(Enum::name);
        return Stream.concat(
                denials,
                Stream.of(
                        "HOLD_NOT_FOUND",
                        "POLICY_VERSION_NOT_REACHED",
                        "POLICY_RULES_NOT_FOUND",
                        "SIMULATION_RUNNING",
                        "SIMULATION_TOO_LARGE"));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void everyProblemIsDocumented(String code) {
        String slug = code.toLowerCase(Locale.ROOT).replace('_', '-');

        assertThat(Path.of("../docs/problems/" + slug + ".md"))
                .exists()
                .content()
                .contains(code);
    }
}
