package dev.parley.auth.member;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class MembershipRepository {
    /** A person's memberships, oldest first; needs the transaction of the relay role. */
    List<Membership> ofUser(Handle handle, UUID userId) {
        return handle.createQuery("""
                        select m.tenant_id, t.name, t.status, m.role
                        from app.membership m join app.tenant t on t.tenant_id = m.tenant_id
                        where m.user_id = :user and m.removed_at is null and t.status <> 'erased'
                        order by m.created_at, m.tenant_id
                        """)
                .bind("user", userId)
                .map((row, context) -> new Membership(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        row.getString("name"),
                        TenantStatus.of(row.getString("status")),
                        Role.of(row.getString("role"))))
                .list();
    }

    List<MemberResponse> list(Handle handle, @Nullable UUID after, int limit) {
        return handle.createQuery("""
                        select m.user_id, u.email, u.name, m.role, m.joined_at
                        from app.membership m join app.user_account u on u.id = m.user_id
                        where m.tenant_id = app.tenant() and m.removed_at is null
                          and (cast(:after as uuid) is null or m.user_id > cast(:after as uuid))
                        order by m.user_id limit :limit
                        """)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> member(row))
                .list();
    }

    Optional<MemberResponse> find(Handle handle, UUID userId) {
        return handle.createQuery("""
                        select m.user_id, u.email, u.name, m.role, m.joined_at
                        from app.membership m join app.user_account u on u.id = m.user_id
                        where m.tenant_id = app.tenant() and m.user_id = :user and m.removed_at is null
                        """)
                .bind("user", userId)
                .map((row, context) -> member(row))
                .findOne();
    }

    /** The e-mail addresses of the owners. */
    List<String> ownerAddresses(Handle handle) {
        return handle.createQuery("""
                        select u.email from app.membership m join app.user_account u on u.id = m.user_id
                        where m.tenant_id = app.tenant() and m.removed_at is null and m.role = 'owner' order by u.email
                        """).mapTo(String.class).list();
    }

    long count(Handle handle) {
        return handle.createQuery(
                        "select count(*) from app.membership where tenant_id = app.tenant() and removed_at is null")
                .mapTo(Long.class)
                .one();
    }

    /** Whether a member has that e-mail address. */
    boolean hasAddress(Handle handle, String email) {
        return handle.createQuery("""
                        select exists (select 1 from app.membership m join app.user_account u on u.id = m.user_id
                          where m.tenant_id = app.tenant() and m.removed_at is null and u.email = :email)
                        """).bind("email", email).mapTo(Boolean.class).one();
    }

    /** All roles of the tenant's members; locked in one order, so that no two changes see different owners. */
    Map<UUID, Role> lockAll(Handle handle) {
        return handle
                .createQuery("""
                        select user_id, role from app.membership
                        where tenant_id = app.tenant() and removed_at is null order by user_id for update
                        """)
                .map((row, context) -> Map.entry(row.getObject("user_id", UUID.class), Role.of(row.getString("role"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Keeps a person from being deleted until the transaction ends; false when that has begun or is done. */
    boolean holdPerson(Handle handle, UUID userId) {
        return handle.createQuery("select leaving_at is null from app.user_account where id = :user for share")
                .bind("user", userId)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    /** Adds a member, or brings a removed one back; false when the person is a member already. */
    boolean add(Handle handle, UUID userId, Role role, String actor) {
        return handle.createUpdate("""
                        insert into app.membership (tenant_id, user_id, role, created_by)
                        values (app.tenant(), :user, :role, :actor)
                        on conflict (tenant_id, user_id) do update
                          set role = excluded.role, removed_at = null, joined_at = now(), updated_at = now()
                          where membership.removed_at is not null
                        """)
                        .bind("user", userId)
                        .bind("role", role.word())
                        .bind("actor", actor)
                        .execute()
                == 1;
    }

    void change(Handle handle, UUID userId, Role role) {
        handle.createUpdate("""
                        update app.membership set role = :role, updated_at = now()
                        where tenant_id = app.tenant() and user_id = :user
                        """).bind("user", userId).bind("role", role.word()).execute();
    }

    void remove(Handle handle, UUID userId) {
        handle.createUpdate("""
                        update app.membership set removed_at = now(), updated_at = now()
                        where tenant_id = app.tenant() and user_id = :user
                        """).bind("user", userId).execute();
    }

    private static MemberResponse member(ResultSet row) throws SQLException {
        return new MemberResponse(
                row.getObject("user_id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                Role.of(row.getString("role")),
                row.getObject("joined_at", OffsetDateTime.class).toInstant());
    }
}
