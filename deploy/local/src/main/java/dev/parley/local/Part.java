package dev.parley.local;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One process of the local stack, in the order in which the stack is stopped from the end. */
public enum Part {
    /** PostgreSQL: every service's database, and Keycloak's. */
    POSTGRESQL("PostgreSQL", 15432),
    /** Apache Kafka, one KRaft node: broker on the first port, controller on the second. */
    KAFKA("Kafka", 19092, 19093),
    /** Keycloak with the realm {@code parley}. */
    KEYCLOAK("Keycloak", 8180),
    /** The outside world: LLM, Stripe, Razorpay, Telegram on the first port; on the second the SMTP server of the mail catcher. */
    SIMULATORS("simulators", 8190, 8125),
    /** Tenants, memberships, keys, tenant contexts. */
    AUTH_SERVICE("auth-service", 8081),
    /** Decisions and holds. */
    POLICY_SERVICE("policy-service", 8082),
    /** Agents and their runs. */
    AGENT_SERVICE("agent-service", 8083),
    /** Plans, payments, ledger. */
    BILLING_SERVICE("billing-service", 8084),
    /** Conversations and messengers. */
    CHANNEL_SERVICE("channel-service", 8085),
    /** The only public entry. */
    GATEWAY("gateway", 8080);

    private final String label;
    private final List<Integer> basePorts;

    Part(String label, Integer... basePorts) {
        this.label = label;
        this.basePorts = List.of(basePorts);
    }

    /** What people call this part, such as {@code auth-service}. */
    public String label() {
        return label;
    }

    /** The ports it listens on at offset 0; the first is the one that clients use. */
    public List<Integer> basePorts() {
        return basePorts;
    }

    /** Whether this part is one of our own Quarkus processes: the five services and the gateway. */
    public boolean isService() {
        return compareTo(AUTH_SERVICE) >= 0;
    }

    /** The name used for files and on the command line, such as {@code auth-service}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Finds a part by its {@link #key()}. */
    static Optional<Part> of(String key) {
        return Arrays.stream(values()).filter(part -> part.key().equals(key)).findFirst();
    }
}
