package dev.parley.channel.account;

import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Connection;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What becomes of an account when somebody changes it. */
@ApplicationScoped
class AccountChange {
    private final AccountVault vault;
    private final AccountConfig config;
    private final Adapters adapters;
    private final Clock clock;

    AccountChange(AccountVault vault, AccountConfig config, Adapters adapters, Clock clock) {
        this.vault = vault;
        this.config = config;
        this.adapters = adapters;
        this.clock = clock;
    }

    /** The account after the change; a connection brings new credentials. */
    ChannelAccount apply(
            Handle handle,
            TenantId tenant,
            ChannelAccount before,
            ChangeChannelRequest request,
            @Nullable Connection connection) {
        UUID id = before.id();
        boolean replaced = connection != null;
        SignatureMode mode =
                request.signatureMode() == null ? before.signatureMode() : SignatureMode.read(request.signatureMode());
        boolean begins = mode == SignatureMode.OBSERVE && request.signatureMode() != null;
        Previous previous = previous(handle, tenant, before, request, connection);
        return new ChannelAccount(
                id,
                before.type(),
                request.name() == null ? before.name() : request.name(),
                request.agent() == null ? before.agent() : request.agent(),
                request.status() == null ? before.status() : request.status(),
                before.externalId(),
                replaced ? connection.displayName() : before.displayName(),
                replaced ? vault.sealed(handle, tenant, id, connection.credentials()) : before.credentials(),
                before.credentialsNo() + (replaced ? 1 : 0),
                previous.credentials(),
                previous.until(),
                mode,
                mode == SignatureMode.ENFORCE
                        ? null
                        : begins ? clock.instant().plus(config.observe()) : before.observeUntil(),
                mode == before.signatureMode() ? before.wouldBeRefused() : 0,
                heldTemplate(before, request.heldTemplate()),
                before.createdAt(),
                clock.instant());
    }

    private @Nullable HeldTemplate heldTemplate(ChannelAccount before, @Nullable HeldTemplate wanted) {
        if (wanted == null || wanted.isNone()) {
            return wanted == null ? before.heldTemplate() : null;
        }
        if (!adapters.ofAccount(before.type()).orElseThrow().capabilities().templates()) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .detail("Channels of type " + before.type() + " have no templates.")
                    .with("errors", ProblemCompletion.error("/held_template", "is not for this type of channel"));
        }
        if (wanted.language().isEmpty()) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .detail("A template has a language.")
                    .with("errors", ProblemCompletion.error("/held_template/language", "must be like en_US"));
        }
        return wanted;
    }

    /** What else signs webhooks after a change: only a changed secret makes the one before it a previous one. */
    private Previous previous(
            Handle handle,
            TenantId tenant,
            ChannelAccount before,
            ChangeChannelRequest request,
            @Nullable Connection connection) {
        boolean over = before.previousUntil() == null || clock.instant().isAfter(before.previousUntil());
        if (request.previousCredentials() != null || (over && connection == null)) {
            return Previous.NONE;
        }
        if (connection != null) {
            Map<String, String> replaced = vault.opened(handle, tenant, before);
            boolean rotated = adapters.ofAccount(before.type()).orElseThrow().signingCredentials().stream()
                    .anyMatch(name -> !Objects.equals(
                            replaced.get(name), connection.credentials().get(name)));
            if (rotated) {
                return new Previous(
                        vault.sealedPrevious(handle, tenant, before.id(), replaced),
                        clock.instant().plus(config.previousCredentials()));
            }
        }
        return over ? Previous.NONE : new Previous(before.previousCredentials(), before.previousUntil());
    }

    private record Previous(
            byte @Nullable [] credentials, @Nullable Instant until) {
        static final Previous NONE = new Previous(null, null);
    }
}
