package dev.parley.agent.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptDiffTest {
    @Test
    void equalTextsHaveNoDiff() {
        assertThat(PromptDiff.unified("a", "b", "same\ntext", "same\ntext")).isEmpty();
    }

    @Test
    void distantChangesAreTwoHunksAndNearOnesAreOne() {
        String from = lines(1, 20);
        assertThat(PromptDiff.unified(
                        "a", "b", from, from.replace("line 2\n", "").replace("line 19\n", "line 19\nnew\n")))
                .isEqualTo("""
                        --- a
                        +++ b
                        @@ -1,5 +1,4 @@
                         line 1
                        -line 2
                         line 3
                         line 4
                         line 5
                        @@ -17,5 +16,6 @@
                         line 17
                         line 18
                         line 19
                        +new
                         line 20
                        \s
                        """);
        assertThat(PromptDiff.unified(
                        "a", "b", from, from.replace("line 8\n", "").replace("line 12\n", "")))
                .containsOnlyOnce("@@ -5,11 +5,9 @@");
    }

    @Test
    void textsThatShareNothingAreReplacedAsAWhole() {
        assertThat(PromptDiff.unified("a", "b", "x", "y\nz")).isEqualTo("--- a\n+++ b\n@@ -1,1 +1,2 @@\n-x\n+y\n+z\n");
        String large = PromptDiff.unified("a", "b", lines(1, 3000), lines(5000, 8000));
        assertThat(large.lines().filter(line -> line.startsWith("-line"))).hasSize(3000);
    }

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }
}
