package dev.parley.platform.lifecycle;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a service keeps of its tenants; each service has one bean of this type. */
public interface TenantData {
    /** Its tables of tenants, those that refer to others before them. */
    List<TenantTable> tables();

    /** Ends what stands outside these tables, before they are erased; it is called again after a crash and later. */
    default void leave(TenantId tenant, Database database) {}

    /** The file of a row, for its owner to read; of tables that declare files. Empty when there is none. */
    default Optional<InputStream> file(TenantId tenant, TenantTable table, UUID id) {
        return Optional.empty();
    }
}
