package dev.parley.platform.lifecycle;

import java.util.List;
import java.util.stream.Stream;

/** What becomes of the tables that every service has from platform. */
public final class PlatformData {
    private static final List<TenantTable> TABLES = List.of(
            TenantTable.named("outbox_event")
                    .notExported("events on their way; what they tell is exported where it is kept")
                    .notRetained("a row lives until Kafka has it"),
            TenantTable.named("processed_event")
                    .notExported("ids of events that were applied")
                    .notRetained("30 days for everybody, by the relay"),
            TenantTable.named("idempotency_record")
                    .notExported("answers that are kept to be repeated; what they tell is exported where it is kept")
                    .notRetained("2 days for everybody, by the relay"),
            TenantTable.named("tenant_data_key")
                    .notExported("a wrapped key")
                    .notRetained("lives as long as what it encrypts"),
            TenantTable.named("tenant_event_key")
                    .notExported("a wrapped key; the periods in it are exported with the tenant")
                    .kept(
                            "the tombstone that lets no old event bring anything back; it holds the tenant's id and no key")
                    .notRetained("lives as long as events may be delivered again"));

    private PlatformData() {}

    /** The service's tables and then platform's. */
    public static List<TenantTable> with(TenantData service) {
        return Stream.concat(service.tables().stream(), TABLES.stream()).toList();
    }
}
