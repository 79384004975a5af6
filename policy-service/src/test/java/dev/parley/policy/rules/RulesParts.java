package dev.parley.policy.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.audit.AuditParts;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.security.Caller;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.replica.Settings;
import java.util.Map;
import java.util.Set;

/** Makes the feature without a container, and opens it for tests of other packages. */
public final class RulesParts {
    public static final RulesConfig CONFIG = Settings.of(RulesConfig.class, Map.of());
    private static final Caller ADMIN = new Caller(null, "admin", "password", Set.of(Caller.PLATFORM_ADMIN), Set.of());

    private RulesParts() {}

    public static RulesService service(Database database, ObjectMapper mapper, Outbox outbox, Bulletin bulletin) {
        return new RulesService(database, new RulesRepository(mapper), bulletin, AuditParts.audit(outbox), CONFIG);
    }

    public static PolicyEngine engine(RulesDocument document) {
        return new PolicyEngine(document.compiled(1, CONFIG));
    }

    /** Drafts rules and puts them in force; returns their version. */
    public static int enforce(RulesService rules, RulesDocument document) {
        int version = rules.draft(document, ADMIN).version();
        return rules.activate(version, "test", ADMIN).version();
    }
}
