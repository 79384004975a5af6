package dev.parley.auth.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.MovableClock;
import dev.parley.auth.Story;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas on the day on which the year's key is over. */
@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class AuditKeyIT {
    private final MovableClock clock = new MovableClock(Instant.now());
    private final TenantId tenant = new TenantId(Ids.next());

    @Inject
    Database database;

    @Inject
    AuditKeyRepository keys;

    @Inject
    ProofConfig config;

    private AuditKeyService one;
    private AuditKeyService other;
    private String oldKey;
    private Instant yearsEnd;

    /** The one read its keys long ago; the other just before the year's end, and so does not read them at it. */
    @BeforeEach
    void theOtherHasJustReadTheKeys() {
        Story.sql("create table public.kept_audit_key as table app.audit_key");
        one = new AuditKeyService(database, keys, config, clock);
        other = new AuditKeyService(database, keys, config, clock);
        oldKey = one.signing().getKeyId();
        yearsEnd = database.inTenant(TenantId.PLATFORM, keys::all)
                .getLast()
                .createdAt()
                .plus(config.keyLifetime());
        clock.set(yearsEnd.minus(Duration.ofMinutes(1)));
        assertThat(other.signing().getKeyId()).isEqualTo(oldKey);
    }

    /** Keys of a far time must not become those of the application. */
    @AfterEach
    void bringTheKeysBack() {
        Story.sql("delete from app.audit_key where id not in (select id from public.kept_audit_key)");
        Story.sql("drop table public.kept_audit_key");
    }

    @Test
    void whatAnotherReplicaSignsWithTheKeyOfTheNewYearIsNotForged() {
        clock.set(yearsEnd);

        SignedHead head = new HeadSignatures(one, clock).pen().sign(tenant, 1, "a".repeat(64));

        assertThat(one.signing().getKeyId()).isNotEqualTo(oldKey);
        assertThat(new HeadSignatures(other, clock).read(tenant, head.jws())).contains(head);
        assertThat(other.verifying(oldKey)).isPresent();
    }

    @Test
    void inventedKeysAreLookedForOnceASecond() {
        Instant lookedAt = yearsEnd.minusMillis(1);
        clock.set(lookedAt);
        assertThat(other.verifying("invented")).isEmpty();
        clock.set(yearsEnd);
        String newKey = one.signing().getKeyId();

        assertThat(other.verifying(newKey)).as("within the second").isEmpty();

        clock.set(lookedAt.plusSeconds(1));
        assertThat(other.verifying(newKey)).isPresent();
    }
}
