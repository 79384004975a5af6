package dev.parley.agent.run;

import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTarget;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;

/** Tokens that the calls of one run took, apart for each model and payer. */
record Spent(List<Part> parts) {
    static final Spent NOTHING = new Spent(List.of());

    /**
     * What one model took.
     *
     * @param model as the provider names it
     * @param keyOwner who pays the provider: {@code platform} or {@code tenant}
     * @param estimated whether any of it was counted here, because the provider did not say
     */
    @RegisterForReflection
    record Part(
            String provider, String model, String keyOwner, long inputTokens, long outputTokens, boolean estimated) {
        private boolean isOf(Part other) {
            return provider.equals(other.provider) && model.equals(other.model) && keyOwner.equals(other.keyOwner);
        }

        private Part and(Part other) {
            return new Part(
                    provider,
                    model,
                    keyOwner,
                    inputTokens + other.inputTokens,
                    outputTokens + other.outputTokens,
                    estimated || other.estimated);
        }
    }

    /** With one more call, by what the provider says, else counted. */
    Spent and(LlmTarget by, LlmRequest ask, LlmReply reply) {
        LlmReply.Usage told = reply.usage();
        return and(new Part(
                by.endpoint().name(),
                ReplyText.name(reply.model()),
                by.keyOwner(),
                told == null ? TokenEstimate.of(ask) : told.inputTokens(),
                told == null ? TokenEstimate.of(reply) : told.outputTokens(),
                told == null));
    }

    private Spent and(Part more) {
        List<Part> all = new ArrayList<>(parts);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isOf(more)) {
                all.set(i, all.get(i).and(more));
                return new Spent(List.copyOf(all));
            }
        }
        all.add(more);
        return new Spent(List.copyOf(all));
    }

    long tokens() {
        return parts.stream()
                .mapToLong(part -> part.inputTokens() + part.outputTokens())
                .sum();
    }

    long output() {
        return parts.stream().mapToLong(Part::outputTokens).sum();
    }

    /** Who pays for it: {@code tenant} where its own keys paid for all of it, else {@code platform}. */
    String keyOwner() {
        boolean own = !parts.isEmpty()
                && parts.stream().allMatch(part -> part.keyOwner().equals("tenant"));
        return own ? "tenant" : "platform";
    }

    /** All of it together. */
    RunResult.Usage usage() {
        return new RunResult.Usage(
                bounded(parts.stream().mapToLong(Part::inputTokens).sum()),
                bounded(output()),
                parts.stream().anyMatch(Part::estimated));
    }

    private static int bounded(long tokens) {
        return (int) Math.min(tokens, Integer.MAX_VALUE);
    }
}
