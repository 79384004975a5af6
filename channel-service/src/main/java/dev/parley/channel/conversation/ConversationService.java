package dev.parley.channel.conversation;

import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps conversations. */
@ApplicationScoped
public class ConversationService {
    private static final String WEB = "web";

    private final Database database;
    private final ConversationRepository repository;

    ConversationService(Database database, ConversationRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    /** Opens a conversation over the web channel. */
    ConversationResponse open(Caller caller, String agent) {
        TenantId tenant = caller.tenant();
        return database.inTenant(
                tenant, handle -> repository.insert(handle, tenant, Ids.next(), agent, WEB, caller.actor()));
    }

    /** A conversation; 404 when the tenant has none of that id. */
    public ConversationResponse get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> repository.find(handle, tenant, id))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    /** The conversations that the filter wants, latest first. */
    Page<ConversationResponse> list(
            TenantId tenant, ConversationFilter filter, @Nullable String cursor, @Nullable Integer limit) {
        UUID after = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        List<ConversationResponse> rows =
                database.inTenant(tenant, handle -> repository.list(handle, tenant, filter, after, size + 1));
        return Page.of(rows, size, row -> row.id().toString());
    }
}
