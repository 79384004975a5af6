package dev.parley.channel.contact;

import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows a tenant's contacts; they are made by their first message. */
@ApplicationScoped
class ContactService {
    private final Database database;
    private final ContactRepository repository;

    ContactService(Database database, ContactRepository repository) {
        this.database = database;
        this.repository = repository;
    }

    /** The contacts, latest first. */
    Page<ContactResponse> list(TenantId tenant, @Nullable String cursor, @Nullable Integer limit) {
        UUID after = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        List<ContactResponse> rows =
                database.inTenant(tenant, handle -> repository.list(handle, tenant, after, size + 1));
        return Page.of(rows, size, row -> row.id().toString());
    }
}
