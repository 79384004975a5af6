package dev.parley.channel.account;

import dev.parley.channel.adapter.AccountAdapter;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Finding;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Looks at all that has to be right for a channel to work, here and at its messenger; changes nothing. */
@ApplicationScoped
class TestChannelFlow {
    private final AccountService accounts;
    private final Adapters adapters;
    private final PolicyClient policy;
    private final TroubleService troubles;
    private final Clock clock;

    TestChannelFlow(
            AccountService accounts, Adapters adapters, PolicyClient policy, TroubleService troubles, Clock clock) {
        this.accounts = accounts;
        this.adapters = adapters;
        this.policy = policy;
        this.troubles = troubles;
        this.clock = clock;
    }

    ChannelTestResponse test(Caller caller, UUID id) {
        AccountService.Opened opened = accounts.open(caller.tenant(), id);
        ChannelAccount account = opened.account();
        AccountAdapter adapter = adapters.ofAccount(account.type()).orElseThrow();
        List<Finding> checks = new ArrayList<>(
                adapter.inspect(caller.tenant(), opened.credentials(), accounts.webhookUrl(account.type(), id)));
        checks.add(plan(caller, account, adapter.type()));
        troubles.finding(caller.tenant(), id).ifPresent(checks::add);
        if (!"active".equals(account.status())) {
            checks.add(Finding.wrong("status", "The channel is paused.", "Set its status to active."));
        }
        if (account.signatureMode() == SignatureMode.OBSERVE) {
            checks.add(signatures(account.wouldBeRefused()));
        }
        return ChannelTestResponse.of(List.copyOf(checks));
    }

    private Finding plan(Caller caller, ChannelAccount account, String channel) {
        PolicyDecision decision = policy.decide(
                caller.tenant(),
                new DecisionRequest(Operation.id(), account.agent(), channel, caller.subject(), null, Map.of(), false));
        if (!decision.forbids()) {
            return Finding.ok("plan", "The plan lets " + account.agent() + " answer here.");
        }
        Problem denial = decision.denial(clock.instant());
        return Finding.wrong(
                "plan",
                denial.detail() == null ? denial.type().title() : String.valueOf(denial.detail()),
                "Choose another agent, or a plan that has this one and the channel.");
    }

    private static Finding signatures(long wouldBeRefused) {
        return wouldBeRefused == 0
                ? Finding.ok(
                        "signatures", "Every call since the mode is observe was signed rightly: set it to enforce.")
                : Finding.wrong(
                        "signatures",
                        wouldBeRefused + " calls with a wrong signature were taken, because the mode is observe.",
                        "Correct the secret here or at the messenger, then set the mode to enforce.");
    }
}
