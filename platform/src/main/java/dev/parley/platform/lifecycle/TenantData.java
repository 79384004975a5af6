package dev.parley.platform.lifecycle;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import java.util.List;

/** What a service keeps of its tenants; each service has one bean of this type. */
public interface TenantData {
    /** Its tables of tenants, those that refer to others before them. */
    List<TenantTable> tables();

    /** Ends what stands outside these tables, before they are erased; it is called again after a crash and later. */
    default void leave(TenantId tenant, Database database) {}
}
