package dev.parley.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.configuration.Filters;
import dev.parley.agent.configuration.Schedule;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.platform.problem.Problem;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final Schedule OFFICE = schedule(new Schedule.Outside("We are asleep.", true));
    private static final Filters NO_JOBS = new Filters(List.of("job"), List.of("web", "telegram"));

    @Test
    void withinTheHoursTheAgentTakesMessages() {
        assertThat(refusal("2026-11-23T03:30:00Z", set(OFFICE, null), "web", said("Hello")))
                .isEmpty();
        assertThat(refusal("2026-11-23T23:00:00Z", Configuration.NONE, "web", said("Hello")))
                .isEmpty();
    }

    @Test
    void outsideOfThemItSaysWhatIsToHappenAndWhenItOpens() {
        Problem closed = refusal("2026-11-23T03:29:59Z", set(OFFICE, null), "telegram", said("Hello"))
                .orElseThrow();

        assertThat(closed.type()).isEqualTo(RunProblem.AGENT_CLOSED);
        assertThat(closed.members())
                .isEqualTo(Map.of("text", "We are asleep.", "opens_at", "2026-11-23T03:30:00Z", "handoff", true));
    }

    @Test
    void nobodyIsWaitedForWhereNobodyCanCome() {
        assertThat(refusal("2026-11-23T03:29:59Z", set(OFFICE, null), "api", said("Hello"))
                        .orElseThrow()
                        .members())
                .isEqualTo(Map.of("text", "We are asleep.", "opens_at", "2026-11-23T03:30:00Z"));
        assertThat(refusal("2026-11-23T03:29:59Z", set(OFFICE, null), "web", said("Hello"))
                        .orElseThrow()
                        .members())
                .containsEntry("handoff", true);
        Schedule never = new Schedule("UTC", List.of(), new Schedule.Outside(null, true));
        assertThat(refusal("2026-11-23T03:29:59Z", set(never, null), "telegram", said("Hello"))
                        .orElseThrow()
                        .members())
                .isEqualTo(Map.of("handoff", true));
    }

    @Test
    void filtersGoBeforeTheSchedule() {
        Configuration set = set(OFFICE, NO_JOBS);

        assertThat(refusal("2026-11-23T03:00:00Z", set, "web", said("A job?")).map(Problem::type))
                .contains(RunProblem.MESSAGE_IGNORED);
        assertThat(refusal("2026-11-23T06:00:00Z", set, "whatsapp", said("A job?"))
                        .map(Problem::type))
                .contains(RunProblem.CHANNEL_IGNORED);
        assertThat(refusal("2026-11-23T06:00:00Z", set, "web", said("A chair?")))
                .isEmpty();
    }

    @Test
    void whatAFunctionReturnsIsNobodysMessage() {
        LlmMessage result = new LlmMessage(LlmMessage.Role.TOOL, List.of(new LlmMessage.Text("job")));

        assertThat(refusal("2026-11-23T06:00:00Z", set(null, NO_JOBS), "web", result))
                .isEmpty();
    }

    private static Optional<Problem> refusal(String now, Configuration set, String channel, LlmMessage latest) {
        RunConfig config = new SmallRyeConfigBuilder()
                .withMapping(RunConfig.class)
                .withConverter(Duration.class, 300, text -> Duration.parse((text.endsWith("D") ? "P" : "PT") + text))
                .build()
                .getConfigMapping(RunConfig.class);
        return new Intake(null, config, Clock.fixed(Instant.parse(now), ZoneOffset.UTC)).refusal(set, channel, latest);
    }

    private static Configuration set(Schedule schedule, Filters filters) {
        return new Configuration(null, null, null, null, null, null, null, schedule, filters);
    }

    private static Schedule schedule(Schedule.Outside outside) {
        return new Schedule(
                "Asia/Kolkata",
                List.of(new Schedule.Hours(List.of("mon", "tue", "wed", "thu", "fri"), "09:00", "18:00")),
                outside);
    }

    private static LlmMessage said(String text) {
        return new LlmMessage(LlmMessage.Role.USER, List.of(new LlmMessage.Text(text)));
    }
}
