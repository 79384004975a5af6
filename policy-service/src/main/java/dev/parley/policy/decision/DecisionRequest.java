package dev.parley.policy.decision;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.rating.Rating;
import dev.parley.policy.text.Storable;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether an operation may run.
 *
 * @param agent slug of the agent that shall work; absent, with the channel, for what no agent does
 * @param feature what must be switched on for it
 * @param estimate expected quantities by meter; of a stock, such as seats, how many there are when one more is wanted
 * @param contact who would be written to; absent when nobody would
 * @param hold whether to reserve what the operation may cost; yes when absent
 * @param minPolicyVersion the oldest version of the tenant's terms that may be decided on
 */
public record DecisionRequest(
        @NotNull UUID operationId,
        @Nullable @Size(min = 1, max = 100) String agent,
        @Nullable @Size(min = 1, max = 32) String channel,
        @Nullable @Size(min = 1, max = 64) String feature,
        @Nullable @Size(max = 200) String userId,
        @Nullable @Size(max = 200) String conversationId,

        @NotNull @Size(max = 32)
        Map<@NotBlank @Size(max = 64) String, @NotNull @Min(0) @Max(Rating.MOST_UNITS) Long> estimate,

        @Nullable Contact contact,
        @Nullable Boolean hold,
        @Nullable @Min(0) Long minPolicyVersion) {

    /**
     * What is known of the person who would be written to.
     *
     * @param optedOut whether that person asked to be sent nothing more; no when absent
     */
    public record Contact(@Nullable Boolean optedOut) {}

    Ask ask(TenantId tenant) {
        return new Ask(tenant.value(), agent, channel, feature, estimate, contactFacts());
    }

    /** The facts about the contact, as they are decided on and logged. */
    Ask.@Nullable Contact contactFacts() {
        return contact == null ? null : new Ask.Contact(Boolean.TRUE.equals(contact.optedOut()));
    }

    /** Whether what is held for can be charged: usage is always an agent's on a channel. */
    @AssertTrue(message = "must name an agent and a channel, unless hold is false")
    boolean isNamed() {
        return !holds() || agent != null && channel != null;
    }

    /** Whether all its texts can be logged; one look at all of them, because this is asked of every decision. */
    @AssertTrue(message = "must have no text with U+0000")
    boolean isStorable() {
        return Storable.Check.isStorable(agent)
                && Storable.Check.isStorable(channel)
                && Storable.Check.isStorable(feature)
                && Storable.Check.isStorable(userId)
                && Storable.Check.isStorable(conversationId)
                && (estimate == null || estimate.keySet().stream().allMatch(Storable.Check::isStorable));
    }

    boolean accepts(Terms terms) {
        return minPolicyVersion == null || terms.policyVersion() >= minPolicyVersion;
    }

    boolean holds() {
        return hold == null || hold;
    }
}
