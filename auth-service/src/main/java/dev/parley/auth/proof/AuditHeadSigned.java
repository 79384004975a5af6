package dev.parley.auth.proof;

import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;

/** The head of a trail was signed; the topic is the second place where heads are kept. */
record AuditHeadSigned(TenantId tenantId, long seq, String hash, String jws) implements DomainEvent {
    static final String TOPIC = "platform.audit.heads";

    @Override
    public String type() {
        return "platform.audit-head-signed.v1";
    }

    @Override
    public String topic() {
        return TOPIC;
    }

    @Override
    public String key() {
        return tenantId.toString();
    }

    @Override
    public String subject() {
        return tenantId.toString();
    }
}
