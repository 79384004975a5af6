package dev.parley.billing.invoice;

import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps the invoices of payment providers as they last reported them. */
@ApplicationScoped
public class InvoiceService {
    private final Database database;
    private final InvoiceRepository invoices;

    InvoiceService(Database database, InvoiceRepository invoices) {
        this.database = database;
        this.invoices = invoices;
    }

    /** Stores what a provider says of an invoice; what was asked for earlier than the stored state is ignored. */
    public void store(
            Handle handle, TenantId tenant, String provider, ProviderInvoice invoice, Plan plan, long ticket) {
        invoices.save(handle, tenant, provider, invoice, plan, ticket);
    }

    Page<Invoice> list(TenantId tenant, @Nullable String cursor, @Nullable Integer limit) {
        String position = Cursor.decode(cursor);
        int size = Cursor.limit(limit);
        Instant time = null;
        UUID id = null;
        if (position != null) {
            try {
                String[] parts = position.split(" ", 2);
                time = Instant.parse(parts[0]);
                id = UUID.fromString(parts[1]);
            } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException malformed) {
                throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
            }
        }
        Instant beforeTime = time;
        UUID beforeId = id;
        return Page.of(
                database.inTenant(tenant, handle -> invoices.list(handle, beforeTime, beforeId, size + 1)),
                size,
                Invoice::position);
    }

    Invoice get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> invoices.find(handle, id))
                .orElseThrow(() -> new Problem(InvoiceProblem.INVOICE_NOT_FOUND));
    }
}
