package dev.parley.auth.serviceaccount;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ServiceAccountRepository {
    /** The names of these accounts of the transaction's tenant, disabled ones too. */
    Map<UUID, String> names(Handle handle, Set<UUID> ids) {
        return handle.createQuery(
                        "select id, name from app.service_account where tenant_id = app.tenant() and id = any(cast(:ids as uuid[]))")
                .bind(
                        "ids",
                        "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}")
                .reduceRows(new HashMap<>(), (names, row) -> {
                    names.put(row.getColumn("id", UUID.class), row.getColumn("name", String.class));
                    return names;
                });
    }

    private static final String COLUMNS = "id, name, description, created_at, created_by";

    ServiceAccountResponse insert(Handle handle, UUID id, CreateServiceAccountRequest request, String actor) {
        return handle.createQuery("""
                        insert into app.service_account (tenant_id, id, name, description, created_by)
                        values (app.tenant(), :id, :name, :description, :actor)
                        returning id, name, description, created_at, created_by
                        """)
                .bind("id", id)
                .bind("name", request.name().strip())
                .bind("description", request.description())
                .bind("actor", actor)
                .map((row, context) -> account(row))
                .one();
    }

    List<ServiceAccountResponse> list(Handle handle, @Nullable UUID after, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.service_account where tenant_id = app.tenant() and disabled_at is null
                          and (cast(:after as uuid) is null or id > cast(:after as uuid))
                        order by id limit :limit
                        """)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> account(row))
                .list();
    }

    /** One that is not disabled, which makes no more keys until the transaction ends. */
    Optional<ServiceAccountResponse> lock(Handle handle, UUID id) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.service_account
                        where tenant_id = app.tenant() and id = :id and disabled_at is null for update
                        """)
                .bind("id", id)
                .map((row, context) -> account(row))
                .findOne();
    }

    void disable(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.service_account set disabled_at = now(), updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).execute();
    }

    private static ServiceAccountResponse account(ResultSet row) throws SQLException {
        return new ServiceAccountResponse(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("description"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }
}
