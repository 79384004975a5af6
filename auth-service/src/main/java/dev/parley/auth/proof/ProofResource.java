package dev.parley.auth.proof;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The proofs of the caller's audit trail: its signed head, the keys, a verification and an export to check at home. */
@Path("/api/v1/audit-log")
@RunOnVirtualThread
@Tag(name = "Audit")
public class ProofResource {
    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";

    private final VerificationFlow verification;
    private final AuditExportFlow exports;
    private final CurrentCaller caller;

    ProofResource(VerificationFlow verification, AuditExportFlow exports, CurrentCaller caller) {
        this.verification = verification;
        this.exports = exports;
        this.caller = caller;
    }

    /** Shows the signed head, which covers every entry that is there now. */
    @GET
    @Path("/head")
    @RolesAllowed("admin")
    @Operation(summary = "Show the signed head of the audit trail")
    public SignedHead head() {
        return verification.head(caller.get()).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    /** The public keys of all signed heads, as a JWK set. */
    @GET
    @Path("/keys")
    @Authenticated
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Show the keys that sign heads of audit trails")
    public String keys() {
        return verification.keys();
    }

    /** Checks the trail from its first entry to its last. */
    @GET
    @Path("/verification")
    @RolesAllowed("admin")
    @Operation(summary = "Verify the audit trail")
    public VerificationResponse verification() {
        return verification.verify(caller.get());
    }

    /** Streams the whole trail as lines of JSON, which can be checked without Parley. */
    @GET
    @Path("/export")
    @Produces(NDJSON)
    @RolesAllowed("admin")
    @Operation(summary = "Export the audit trail")
    public Response export() {
        return file(exports.ndjson(caller.get()), NDJSON, "audit-log.ndjson");
    }

    /** Streams the whole trail as a table for a spreadsheet. */
    @GET
    @Path("/export")
    @Produces(CSV)
    @RolesAllowed("admin")
    @Operation(summary = "Export the audit trail as CSV")
    public Response exportTable() {
        return file(exports.csv(caller.get()), CSV, "audit-log.csv");
    }

    private static Response file(StreamingOutput content, String type, String name) {
        return Response.ok(content, type)
                .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                .header("Cache-Control", "no-store")
                .build();
    }
}
