package dev.parley.billing.subscription;

import dev.parley.billing.overage.OveragePayer;
import dev.parley.billing.overage.OveragePeriod;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's subscription: a state machine whose every change is a new value with the next version.
 *
 * @param provider who is paid, or null for a trial or a plan of price 0, which we renew ourselves
 * @param providerCreatedAt orders a tenant's provider subscriptions: the newest wins
 * @param pending the plan version that follows with the next period, or null when it stays
 */
record Subscription(
        long version,
        SubscriptionStatus status,
        String planCode,
        int planVersion,
        @Nullable String provider,
        @Nullable String providerCustomerId,
        @Nullable String providerSubscriptionId,
        @Nullable Instant providerCreatedAt,
        Instant periodStart,
        Instant periodEnd,
        boolean cancelAtPeriodEnd,
        @Nullable Instant trialEnd,
        @Nullable Instant pastDueSince,
        @Nullable PlanReference pending) {

    private static final Duration PROVIDER_IS_LATE = Duration.ofMinutes(15);
    private static final Duration ASK_AGAIN = Duration.ofDays(1);

    /** The first subscription of a tenant. */
    static Subscription trial(Plan plan, Instant now, int days) {
        Instant start = now.truncatedTo(ChronoUnit.MICROS);
        Instant end = start.plus(days, ChronoUnit.DAYS);
        return own(1, SubscriptionStatus.TRIAL, plan, start, end, end);
    }

    /** A plan of price 0, active at once; whatever the tenant had before ends. */
    static Subscription free(@Nullable Subscription before, Plan plan, Instant now) {
        Instant start = now.truncatedTo(ChronoUnit.MICROS);
        boolean goesOn = before != null
                && before.provider == null
                && before.status == SubscriptionStatus.ACTIVE
                && before.planCode.equals(plan.code());
        return own(
                before == null ? 1 : before.version + 1,
                SubscriptionStatus.ACTIVE,
                plan,
                goesOn ? before.periodStart : start,
                goesOn ? before.periodEnd : plan.interval().after(start),
                null);
    }

    private static Subscription own(
            long version,
            SubscriptionStatus status,
            Plan plan,
            Instant start,
            Instant end,
            @Nullable Instant trialEnd) {
        return new Subscription(
                version,
                status,
                plan.code(),
                plan.version(),
                null,
                null,
                null,
                null,
                start,
                end,
                false,
                trialEnd,
                null,
                null);
    }

    /** A provider's subscription as the tenant's current one; {@code before} is the one that it replaces or updates. */
    static Subscription of(
            @Nullable Subscription before, ProviderSubscription from, Plan plan, Instant now, Duration grace) {
        boolean same = before != null && before.isOf(from);
        Instant pastDueSince = null;
        SubscriptionStatus status = from.status();
        if (status == SubscriptionStatus.PAST_DUE || status == SubscriptionStatus.SUSPENDED) {
            // What is not paid begins with a period: a provider's clock may be ahead of the tenant's.
            Instant since = now.isBefore(from.periodStart()) ? from.periodStart() : now;
            pastDueSince =
                    same && before.pastDueSince != null ? before.pastDueSince : since.truncatedTo(ChronoUnit.MICROS);
        }
        if (status == SubscriptionStatus.PAST_DUE && !pastDueSince.plus(grace).isAfter(now)) {
            status = SubscriptionStatus.SUSPENDED;
        }
        boolean paidElsewhere = from.isPaidElsewhere() && status == SubscriptionStatus.TRIAL;
        if (paidElsewhere) {
            status = SubscriptionStatus.ACTIVE;
        }
        Subscription next = new Subscription(
                before == null ? 1 : before.version + 1,
                status,
                plan.code(),
                plan.version(),
                from.provider(),
                from.customerId(),
                from.id(),
                from.createdAt(),
                paidElsewhere && before != null ? before.periodStart : from.periodStart(),
                from.periodEnd(),
                from.cancelAtPeriodEnd(),
                from.isPaidElsewhere() ? null : from.trialEnd(),
                pastDueSince,
                same ? before.pendingAfter(from) : from.nextPlan());
        // Ended is final: no later answer about the same subscription brings it back.
        return same && before.status == SubscriptionStatus.ENDED ? before : next;
    }

    /** A free plan that follows is our own note: it stands as long as the provider is to end the subscription. */
    private @Nullable PlanReference pendingAfter(ProviderSubscription from) {
        return from.nextPlan() == null && from.cancelAtPeriodEnd() ? pending : from.nextPlan();
    }

    /** The same with a plan that follows with the next period, or with none. */
    Subscription followedBy(@Nullable PlanReference next) {
        return changed(status, periodStart, periodEnd, cancelAtPeriodEnd, next);
    }

    /** Whether this is that provider's subscription. */
    boolean isOf(ProviderSubscription other) {
        return other.provider().equals(provider) && other.id().equals(providerSubscriptionId);
    }

    /** What to do with a provider's answer. */
    enum Verdict {
        /** It becomes the tenant's state. */
        APPLY,
        /** It is of no consequence. */
        IGNORE,
        /** It is paid, but another subscription is the tenant's: this one has to be cancelled. */
        CANCEL
    }

    /** Judges a provider's answer: of a tenant's live subscriptions the newest wins, whichever is heard of first. */
    static Verdict judge(@Nullable Subscription current, ProviderSubscription from) {
        if ((current != null && current.isOf(from)) || yieldsTo(current, from)) {
            return Verdict.APPLY;
        }
        return from.status().isLive() ? Verdict.CANCEL : Verdict.IGNORE;
    }

    private static boolean yieldsTo(@Nullable Subscription current, ProviderSubscription other) {
        if (current == null || current.status == SubscriptionStatus.ENDED) {
            return other.status().isLive() || other.status() == SubscriptionStatus.PENDING;
        }
        boolean moved = other.isPaidElsewhere() && !other.provider().equals(current.provider);
        return other.status().isLive() && (current.provider == null || moved || current.isOlderThan(other));
    }

    private boolean isOlderThan(ProviderSubscription other) {
        int byTime = Objects.requireNonNull(providerCreatedAt).compareTo(other.createdAt());
        return byTime < 0
                || (byTime == 0 && String.valueOf(providerSubscriptionId).compareTo(other.id()) < 0);
    }

    /** Whether a period that somebody had subscribed to is over when this is followed by that. */
    boolean endsPeriodBefore(Subscription next) {
        boolean running = status == SubscriptionStatus.ACTIVE
                || status == SubscriptionStatus.PAST_DUE
                || status == SubscriptionStatus.SUSPENDED;
        return running && (next.status == SubscriptionStatus.ENDED || next.periodStart.isAfter(periodStart));
    }

    /** The running period, as overage knows it. */
    OveragePeriod overagePeriod() {
        String of = provider == null ? "own:" + planCode : provider + ":" + providerSubscriptionId;
        return new OveragePeriod(of, periodStart, periodEnd);
    }

    /** Whom the period's overage is charged to; null for nobody, while we keep the subscription ourselves. */
    @Nullable
    OveragePayer overagePayer(boolean ownInvoice) {
        return provider == null || providerCustomerId == null || providerSubscriptionId == null
                ? null
                : new OveragePayer(provider, providerCustomerId, providerSubscriptionId, ownInvoice);
    }

    /** Whether the running period is followed by one that is charged, and ends by then. */
    boolean renewsBy(Instant time) {
        return provider != null
                && (status == SubscriptionStatus.ACTIVE || status == SubscriptionStatus.PAST_DUE)
                && !cancelAtPeriodEnd
                && !periodEnd.isAfter(time);
    }

    /** Whether a provider will go on charging for this. */
    boolean isChargedByProvider() {
        return provider != null && status != SubscriptionStatus.ENDED;
    }

    /** What time alone does to a subscription that no provider keeps: a trial ends, a free plan renews or ends. */
    Optional<Subscription> timePassed(Instant now, Plan plan) {
        if (provider != null || periodEnd.isAfter(now)) {
            return Optional.empty();
        }
        return switch (status) {
            case TRIAL -> Optional.of(ended());
            case ACTIVE -> Optional.of(cancelAtPeriodEnd ? ended() : renewed(now, plan));
            case PENDING, PAST_DUE, SUSPENDED, ENDED -> Optional.empty();
        };
    }

    /** Skips periods that went by unnoticed: their credits would have ended already. */
    private Subscription renewed(Instant now, Plan plan) {
        Instant start = periodEnd;
        Instant end = plan.interval().after(start);
        while (!end.isAfter(now)) {
            start = end;
            end = plan.interval().after(start);
        }
        return changed(status, start, end, cancelAtPeriodEnd);
    }

    /** The end of a subscription that no provider keeps. */
    Subscription ended() {
        return changed(SubscriptionStatus.ENDED, periodStart, periodEnd, cancelAtPeriodEnd);
    }

    /** Whether it ends with its period. */
    Subscription endingWithPeriod(boolean ending) {
        return changed(status, periodStart, periodEnd, ending);
    }

    private Subscription changed(SubscriptionStatus next, Instant start, Instant end, boolean ending) {
        return changed(next, start, end, ending, pending);
    }

    private Subscription changed(
            SubscriptionStatus next, Instant start, Instant end, boolean ending, @Nullable PlanReference follows) {
        return new Subscription(
                version + 1,
                next,
                planCode,
                planVersion,
                provider,
                providerCustomerId,
                providerSubscriptionId,
                providerCreatedAt,
                start,
                end,
                ending,
                trialEnd,
                pastDueSince,
                follows);
    }

    /** Whether nothing that anybody can see differs. */
    boolean saysTheSameAs(@Nullable Subscription other) {
        return other != null && new Same(this).equals(new Same(other));
    }

    private record Same(
            SubscriptionStatus status,
            String planCode,
            int planVersion,
            @Nullable String providerSubscriptionId,
            Instant periodStart,
            Instant periodEnd,
            boolean cancelAtPeriodEnd,
            @Nullable Instant trialEnd,
            @Nullable PlanReference pending) {
        Same(Subscription from) {
            this(
                    from.status,
                    from.planCode,
                    from.planVersion,
                    from.providerSubscriptionId,
                    from.periodStart,
                    from.periodEnd,
                    from.cancelAtPeriodEnd,
                    from.trialEnd,
                    from.pending);
        }
    }

    /** When this has to be looked at again without being told; null for never. */
    @Nullable
    Instant dueAt(Instant now, Duration grace) {
        if (provider == null) {
            return status == SubscriptionStatus.ENDED ? null : periodEnd;
        }
        return switch (status) {
            case TRIAL, ACTIVE -> periodEnd.plus(PROVIDER_IS_LATE);
            case PAST_DUE -> {
                Instant reminder = Objects.requireNonNull(pastDueSince).plus(grace.dividedBy(2));
                yield reminder.isAfter(now) ? reminder : pastDueSince.plus(grace);
            }
            case PENDING, SUSPENDED -> now.plus(ASK_AGAIN);
            case ENDED -> null;
        };
    }
}
