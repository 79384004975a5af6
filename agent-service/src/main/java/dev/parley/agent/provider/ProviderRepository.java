package dev.parley.agent.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class ProviderRepository {
    private final ObjectMapper json;

    ProviderRepository(ObjectMapper json) {
        this.json = json;
    }

    /** A stored provider; the key as it is encrypted, what it reads null for what its kind does. */
    record Row(
            UUID id,
            String name,
            String kind,
            String baseUrl,
            byte[] apiKey,
            List<String> models,
            List<String> fallbacks,
            List<String> reads,
            Instant createdAt,
            Instant updatedAt,
            String createdBy) {}

    /** False when the name is taken. */
    boolean insert(
            Handle handle,
            UUID id,
            String name,
            String kind,
            String baseUrl,
            byte[] apiKey,
            List<String> models,
            List<String> fallbacks,
            List<String> reads,
            String actor) {
        return handle.createUpdate("""
                        insert into llm_provider (id, name, kind, base_url, api_key, models, fallbacks, reads,
                                                  created_by)
                        values (:id, :name, :kind, :baseUrl, :apiKey, cast(:models as jsonb),
                                cast(:fallbacks as jsonb), cast(:reads as jsonb), :actor)
                        on conflict (name) do nothing
                        """)
                        .bind("id", id)
                        .bind("name", name)
                        .bind("kind", kind)
                        .bind("baseUrl", baseUrl)
                        .bind("apiKey", apiKey)
                        .bind("models", write(models))
                        .bind("fallbacks", write(fallbacks))
                        .bind("reads", reads == null ? null : write(reads))
                        .bind("actor", actor)
                        .execute()
                == 1;
    }

    /** Replaces what may change. */
    void update(Handle handle, Row row) {
        handle.createUpdate("""
                        update llm_provider set base_url = :baseUrl, api_key = :apiKey, models = cast(:models as jsonb),
                               fallbacks = cast(:fallbacks as jsonb), reads = cast(:reads as jsonb), updated_at = now()
                        where id = :id
                        """)
                .bind("id", row.id())
                .bind("baseUrl", row.baseUrl())
                .bind("apiKey", row.apiKey())
                .bind("models", write(row.models()))
                .bind("fallbacks", write(row.fallbacks()))
                .bind("reads", row.reads() == null ? null : write(row.reads()))
                .execute();
    }

    /** Finds a provider and keeps others from changing it meanwhile. */
    Optional<Row> lock(Handle handle, UUID id) {
        return handle.createQuery("select * from llm_provider where id = :id for update")
                .bind("id", id)
                .map(this::map)
                .findOne();
    }

    Optional<Row> find(Handle handle, String name) {
        return handle.createQuery("select * from llm_provider where name = :name")
                .bind("name", name)
                .map(this::map)
                .findOne();
    }

    List<Row> list(Handle handle, String afterName, int limit) {
        return handle.createQuery("select * from llm_provider where name > :after order by name limit :limit")
                .bind("after", afterName == null ? "" : afterName)
                .bind("limit", limit)
                .map(this::map)
                .list();
    }

    private Row map(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("kind"),
                row.getString("base_url"),
                row.getBytes("api_key"),
                read(row.getString("models")),
                read(row.getString("fallbacks")),
                row.getString("reads") == null ? null : read(row.getString("reads")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }

    private String write(List<String> models) {
        try {
            return json.writeValueAsString(models);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<String> read(String models) {
        try {
            return json.readValue(models, new TypeReference<List<String>>() {});
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
