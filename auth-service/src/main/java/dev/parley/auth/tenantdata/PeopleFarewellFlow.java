package dev.parley.auth.tenantdata;

import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Deletes the logins and accounts of people who belong to an erased tenant and to no other that lives on; staff keep
 * theirs, and so does who was removed from the tenant before. Whether somebody belongs elsewhere is looked at only when
 * it can join nothing any more, so that nobody is deleted who joins another tenant at the same moment.
 */
@ApplicationScoped
class PeopleFarewellFlow {
    private static final Logger LOG = Logger.getLogger(PeopleFarewellFlow.class);

    private final Database database;
    private final FarewellRepository repository;
    private final KeycloakClient keycloak;

    PeopleFarewellFlow(Database database, FarewellRepository repository, KeycloakClient keycloak) {
        this.database = database;
        this.repository = repository;
        this.keycloak = keycloak;
    }

    /** Does it; a 503 problem when Keycloak cannot be reached, so that the erasure waits for it. */
    void leave(TenantId tenant) {
        int ended = 0;
        for (UUID person : database.inTenant(tenant, repository::people)) {
            if (stays(person, tenant) || keycloak.isPlatformAdmin(person)) {
                continue;
            }
            database.global(handle -> repository.beginLeaving(handle, person));
            if (stays(person, tenant)) {
                database.global(handle -> repository.endLeaving(handle, person));
                continue;
            }
            keycloak.deleteUser(person);
            database.global(handle -> repository.deleteLogins(handle, person));
            database.asEraser(tenant, eraser -> repository.deletePerson(eraser, person));
            ended++;
        }
        database.asEraser(tenant, repository::deleteSignups);
        LOG.infof("%d people of tenant %s belonged nowhere else and are deleted", ended, tenant);
    }

    private boolean stays(UUID person, TenantId tenant) {
        return database.acrossTenants(relay -> repository.belongsElsewhere(relay, person, tenant.value()));
    }
}
