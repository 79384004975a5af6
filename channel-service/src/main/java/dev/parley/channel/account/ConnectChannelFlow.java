package dev.parley.channel.account;

import dev.parley.channel.adapter.AccountAdapter;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.Connection;
import dev.parley.channel.outbound.AgentCatalogue;
import dev.parley.channel.outbound.DecisionRequest;
import dev.parley.channel.outbound.PolicyClient;
import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Connects, changes and disconnects accounts: asks policy, then the messenger, then stores. */
@ApplicationScoped
class ConnectChannelFlow {
    private final AccountService accounts;
    private final Adapters adapters;
    private final AgentCatalogue agents;
    private final PolicyClient policy;
    private final Clock clock;

    ConnectChannelFlow(
            AccountService accounts, Adapters adapters, AgentCatalogue agents, PolicyClient policy, Clock clock) {
        this.accounts = accounts;
        this.adapters = adapters;
        this.agents = agents;
        this.policy = policy;
        this.clock = clock;
    }

    /** Connects an account of a messenger to an agent. */
    ChannelResponse connect(Caller caller, ConnectChannelRequest request) {
        AccountAdapter adapter = adapters.ofAccount(request.type())
                .orElseThrow(() -> new Problem(AccountProblem.CHANNEL_TYPE_UNKNOWN)
                        .detail("There is no channel of type " + request.type() + " to connect.")
                        .with("errors", ProblemCompletion.error("/type", "is not a messenger")));
        demandAllowed(caller, request.agent(), adapter.type());
        UUID id = Ids.next();
        Connection connection = adapter.identify(caller.tenant(), request.credentials());
        // Before the messenger is told: it would deliver to us what the account that exists still waits for.
        accounts.demandUnconnected(caller.tenant(), request.type(), connection);
        // And stored before that: it may deliver, or ask us whether the address is ours, while it is being told.
        ChannelResponse connected = accounts.add(caller, id, request, connection);
        try {
            adapter.register(connection, accounts.webhookUrl(request.type(), id));
        } catch (RuntimeException refused) {
            accounts.remove(caller, id);
            throw refused;
        }
        return connected;
    }

    /** Changes an account; new credentials are shown to the messenger first and must be of the same account there. */
    ChannelResponse change(Caller caller, UUID id, ChangeChannelRequest request) {
        AccountService.Opened opened = accounts.open(caller.tenant(), id);
        ChannelAccount account = opened.account();
        AccountAdapter adapter = adapters.ofAccount(account.type()).orElseThrow();
        if (request.agent() != null && !request.agent().equals(account.agent())) {
            demandAllowed(caller, request.agent(), adapter.type());
        }
        Connection connection = null;
        if (request.credentials() != null) {
            Map<String, String> credentials = new HashMap<>(opened.credentials());
            credentials.putAll(request.credentials());
            connection = adapter.identify(caller.tenant(), credentials);
            if (!connection.externalId().equals(account.externalId())) {
                throw new Problem(AccountProblem.CHANNEL_ALREADY_CONNECTED)
                        .detail("These credentials are of another account; connect it as a channel of its own.");
            }
        }
        ChannelResponse changed = accounts.change(caller, id, request, connection, account.credentialsNo());
        if (connection != null) {
            adapter.register(connection, accounts.webhookUrl(account.type(), id));
        }
        return changed;
    }

    /** Disconnects an account here and at the messenger. */
    void disconnect(Caller caller, UUID id) {
        AccountService.Opened opened = accounts.open(caller.tenant(), id);
        accounts.remove(caller, id);
        adapters.ofAccount(opened.account().type())
                .orElseThrow()
                .disconnect(
                        opened.credentials(),
                        accounts.webhookUrl(opened.account().type(), id));
    }

    private void demandAllowed(Caller caller, String agent, String channel) {
        TenantId tenant = caller.tenant();
        if (agents.find(tenant, agent).isEmpty()) {
            throw new Problem(AccountProblem.CHANNEL_AGENT_UNKNOWN)
                    .detail("There is no agent " + agent + ".")
                    .with("errors", ProblemCompletion.error("/agent", "is not an agent"));
        }
        PolicyDecision decision = policy.decide(
                tenant, new DecisionRequest(Operation.id(), agent, channel, caller.subject(), null, Map.of(), false));
        if (decision.forbids()) {
            throw decision.denial(clock.instant());
        }
    }
}
