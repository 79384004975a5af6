package dev.parley.agent.run;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.configuration.Filters;
import dev.parley.agent.configuration.OpeningHours;
import dev.parley.agent.configuration.Schedule;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Says before anything is asked or stored which messages an agent does not take, by what its tenant set. What was begun is
 * brought to its end, so that an answer that is paid for is not lost because the agent closed meanwhile.
 */
@ApplicationScoped
class Intake {
    private final RunService runs;
    private final RunConfig config;
    private final Clock clock;

    Intake(RunService runs, RunConfig config, Clock clock) {
        this.runs = runs;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Lets a message through.
     *
     * @param latest what is to be answered
     * @throws Problem why not: {@code CHANNEL_IGNORED}, {@code MESSAGE_IGNORED}, or {@code AGENT_CLOSED} with what the
     *     tenant wants to happen
     */
    void check(TenantId tenant, Configuration set, RunRequest request, LlmMessage latest) {
        refusal(set, request.channel(), latest)
                .filter(refused -> !runs.isBegun(tenant, request.operationId()))
                .ifPresent(refused -> {
                    throw refused;
                });
    }

    /** Why a message is not taken; empty when it is. */
    Optional<Problem> refusal(Configuration set, String channel, LlmMessage latest) {
        Filters filters = set.filters();
        if (filters != null && !filters.takesChannel(channel)) {
            return Optional.of(new Problem(RunProblem.CHANNEL_IGNORED));
        }
        if (filters != null && latest.role() == LlmMessage.Role.USER && !filters.takesText(latest.text())) {
            return Optional.of(new Problem(RunProblem.MESSAGE_IGNORED));
        }
        return set.schedule() == null ? Optional.empty() : closed(set.schedule(), channel);
    }

    private Optional<Problem> closed(Schedule schedule, String channel) {
        OpeningHours hours = OpeningHours.of(schedule);
        Instant now = clock.instant();
        if (hours.isOpen(now)) {
            return Optional.empty();
        }
        Schedule.Outside outside = schedule.outside();
        Problem closed = new Problem(RunProblem.AGENT_CLOSED)
                .with("text", outside.text())
                .with("opens_at", hours.nextOpening(now).map(Instant::toString).orElse(null));
        return Optional.of(
                outside.handoff() && !config.callerChannels().contains(channel)
                        ? closed.with("handoff", true)
                        : closed);
    }
}
