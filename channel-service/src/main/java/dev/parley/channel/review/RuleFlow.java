package dev.parley.channel.review;

import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.outbound.AgentCatalogue;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;

/** Changes rules, for agents and messengers that exist: a rule for a name that is misspelt would review nothing. */
@ApplicationScoped
class RuleFlow {
    private final RuleService rules;
    private final AgentCatalogue agents;
    private final Adapters adapters;

    RuleFlow(RuleService rules, AgentCatalogue agents, Adapters adapters) {
        this.rules = rules;
        this.agents = agents;
        this.adapters = adapters;
    }

    /** Puts an agent under review or on autopilot. */
    RuleResponse change(Caller caller, String agent, String channel, ChangeRuleRequest request) {
        if (adapters.messenger(channel).isEmpty()) {
            throw refused("channel", channel + " is no messenger: only replies that are sent can be reviewed before.");
        }
        if (agents.find(caller.tenant(), agent).isEmpty()) {
            throw refused("agent", "There is no agent " + agent + ".");
        }
        return rules.change(caller, agent, channel, request);
    }

    private static Problem refused(String parameter, String detail) {
        return new Problem(ReviewProblem.REVIEW_NOT_POSSIBLE)
                .detail(detail)
                .with("errors", ProblemCompletion.error(parameter, "names nothing that can be reviewed"));
    }
}
