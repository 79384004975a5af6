package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What everybody who runs Parley may look at, its metrics and its logs, holds nothing of any tenant. */
@Order(79)
class NothingLeftBehindE2E {
    private static final Pattern TOKEN =
            Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}");
    private static final Pattern KEY = Pattern.compile("pk_live_[0-9A-Za-z]{38}");
    private static final Pattern EMAIL = Pattern.compile("[a-z0-9._-]+@[a-z0-9.-]+\\.[a-z]{2,}");
    private static Household tenant;

    @BeforeAll
    static void seed() {
        tenant = Household.signUp(
                        Contract.of(Api.anonymous().get("/openapi").expect(200).body()))
                .seed();
    }

    @Test
    void metricsNameNoTenantAndNobody() {
        Set<String> ids = new TreeSet<>(tenant.visibleIds());
        for (Part part : parts()) {
            String metrics = Api.of(
                            "http://127.0.0.1:" + Stack.running().ports().of(part))
                    .get("/q/metrics")
                    .expect(200)
                    .raw();
            assertThat(metrics).as(part.label()).doesNotContain(tenant.secrets());
            assertThat(metrics).as(part.label()).doesNotContain(ids);
            assertThat(Household.UUIDS.matcher(metrics).results().map(match -> match.group()))
                    .as(part.label())
                    .isEmpty();
            assertThat(EMAIL.matcher(metrics).results().map(match -> match.group()))
                    .as(part.label())
                    .isEmpty();
        }
    }

    @Test
    void logsHoldNoContentKeyOrToken() throws IOException {
        List<String> found = new ArrayList<>();
        for (Part part : parts()) {
            try (Stream<String> lines = Files.lines(Stack.running().log(part))) {
                lines.filter(line -> TOKEN.matcher(line).find()
                                || KEY.matcher(line).find()
                                || tenant.secrets().stream().anyMatch(line::contains))
                        .limit(5)
                        .forEach(line -> found.add(part.label() + ": " + line));
            }
        }

        assertThat(found).isEmpty();
    }

    private static List<Part> parts() {
        return Arrays.stream(Part.values()).filter(Part::isService).toList();
    }
}
