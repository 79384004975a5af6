package dev.parley.agent.run;

import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.tool.JsonForm;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * What a run will ask, and by which prompt version.
 *
 * @param releaseId what brought the version on duty; null for one that is only tried
 * @param granted the platform's functions that the run may call
 * @param budget what all calls of the run may take
 * @param form the form that the reply must have, or null for free text
 * @param watched whether its conversation may be held to be a loop
 * @param answersKept how long the same question gets the same answer; null for never
 * @param memory what the agent remembers of the conversation, and what it should
 * @param rerunOf the operation that is made again, or null
 * @param trial whether a version is only tried: nothing of the tenant's own is called
 */
record RunPlan(
        int promptVersion,
        UUID promptVersionId,
        UUID releaseId,
        LlmEndpoint endpoint,
        LlmRequest ask,
        Set<String> granted,
        Budget budget,
        JsonForm form,
        boolean watched,
        Duration answersKept,
        Memory memory,
        UUID rerunOf,
        boolean trial) {
    /** The same for a trial: it is asked each time, and calls nothing of the tenant's own. */
    RunPlan tried() {
        return new RunPlan(
                promptVersion,
                promptVersionId,
                null,
                endpoint,
                ask,
                granted,
                budget,
                form,
                watched,
                null,
                memory,
                null,
                true);
    }
}
