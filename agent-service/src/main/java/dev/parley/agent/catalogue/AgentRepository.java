package dev.parley.agent.catalogue;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Its readers work in transactions of the platform, which owns the versions that make an agent ready. */
@ApplicationScoped
class AgentRepository {
    private static final String SELECT = """
            select a.id, a.slug, a.name, a.description, a.status, a.created_at, a.updated_at, a.created_by,
                   v.number as active_version
            from agent a left join prompt_version v
                on v.tenant_id = (select app.tenant()) and v.agent_id = a.id and v.status = 'active'
            """;

    /** False when the slug is taken. */
    boolean insert(Handle handle, UUID id, CreateAgentRequest request, String actor) {
        return handle.createUpdate("""
                        insert into agent (id, slug, name, description, created_by)
                        values (:id, :slug, :name, :description, :actor) on conflict (slug) do nothing
                        """)
                        .bind("id", id)
                        .bind("slug", request.slug())
                        .bind("name", request.name().strip())
                        .bind("description", request.description() == null ? "" : request.description())
                        .bind("actor", actor)
                        .execute()
                == 1;
    }

    void update(Handle handle, UUID id, UpdateAgentRequest request) {
        handle.createUpdate("""
                        update agent set name = coalesce(:name, name), description = coalesce(:description, description),
                               status = coalesce(:status, status), updated_at = now()
                        where id = :id
                        """)
                .bind("id", id)
                .bind("name", request.name())
                .bind("description", request.description())
                .bind("status", request.status())
                .execute();
    }

    /** Takes the row lock that puts all changes of one agent and its prompt versions in a row; false when there is none. */
    boolean lock(Handle handle, UUID id) {
        return handle.createQuery("select 1 from agent where id = :id for update")
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    Optional<Agent> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "where a.id = :id")
                .bind("id", id)
                .map(AgentRepository::map)
                .findOne();
    }

    Optional<UUID> idOfOffered(Handle handle, String slug) {
        return handle.createQuery("select id from agent where slug = :slug and status = 'active'")
                .bind("slug", slug)
                .mapTo(UUID.class)
                .findOne();
    }

    List<Agent> list(Handle handle, String afterSlug, int limit) {
        return handle.createQuery(SELECT + "where a.slug > :after order by a.slug limit :limit")
                .bind("after", afterSlug == null ? "" : afterSlug)
                .bind("limit", limit)
                .map(AgentRepository::map)
                .list();
    }

    List<Agent> listActive(Handle handle) {
        return handle.createQuery(SELECT + "where a.status = 'active' order by a.slug")
                .map(AgentRepository::map)
                .list();
    }

    private static Agent map(ResultSet row, StatementContext context) throws SQLException {
        return new Agent(
                row.getObject("id", UUID.class),
                row.getString("slug"),
                row.getString("name"),
                row.getString("description"),
                row.getString("status"),
                row.getObject("active_version", Integer.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }
}
