package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.parley.agent.provider.LlmFailure;
import java.util.List;
import java.util.Locale;

/** Whose doing it is that a run gave no reply. */
enum FailureCause {
    /** The model said nothing that could be used: the prompt version may be why. */
    VERSION,
    /** The provider, or the platform's key. */
    PROVIDER,
    /** The tenant's own key. */
    TENANT_KEY,
    /** What was asked for. */
    REQUEST,
    /** Parley itself. */
    PLATFORM;

    static FailureCause of(LlmFailure failure, List<ProviderChain.FailedAttempt> attempts) {
        boolean ownKey = !attempts.isEmpty() && attempts.getLast().keyOwner().equals("tenant");
        return switch (failure.reason()) {
            case REJECTED -> REQUEST;
            case UNUSABLE -> VERSION;
            case FAILED, TIMEOUT, UNREACHABLE, BUSY, UNAUTHORIZED, RESTING -> ownKey ? TENANT_KEY : PROVIDER;
        };
    }

    /** Its name in events. */
    @JsonValue
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
