package dev.parley.auth.export;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Exports of the own tenant, for owners. */
@Path("/api/v1/export")
@RunOnVirtualThread
@Tag(name = "Export")
public class ExportResource {
    private final ExportService exports;
    private final ExportArchive archive;
    private final CurrentCaller caller;

    ExportResource(ExportService exports, ExportArchive archive, CurrentCaller caller) {
        this.exports = exports;
        this.archive = archive;
        this.caller = caller;
    }

    /** Begins one. */
    @POST
    @RolesAllowed("owner")
    @Operation(summary = "Export all data of the organisation")
    @APIResponse(
            responseCode = "202",
            description = "It is being made",
            content = @Content(schema = @Schema(implementation = ExportResponse.class)))
    public Response begin() {
        return Response.accepted(exports.begin(caller.get())).build();
    }

    /** Lists them. */
    @GET
    @RolesAllowed("owner")
    @Operation(summary = "List exports")
    public Page<ExportResponse> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @Nullable Integer limit) {
        return exports.list(caller.get().tenant(), Cursor.decodeId(cursor), Cursor.limit(limit));
    }

    /** Shows one. */
    @GET
    @Path("/{id}")
    @RolesAllowed("owner")
    @Operation(summary = "Show an export")
    public ExportResponse show(@PathParam("id") UUID id) {
        return exports.show(caller.get().tenant(), id);
    }

    /** Gives the zip. */
    @GET
    @Path("/{id}/file")
    @Produces("application/zip")
    @RolesAllowed("owner")
    @Operation(summary = "Download an export as a zip of JSON lines with a manifest")
    @APIResponse(
            responseCode = "200",
            description = "The zip",
            content =
                    @Content(
                            mediaType = "application/zip",
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response file(@PathParam("id") UUID id) {
        Caller owner = caller.get();
        Export export = exports.open(owner, id);
        return Response.ok(archive.of(owner.tenant(), export))
                .header("Content-Disposition", "attachment; filename=\"parley-export-" + id + ".zip\"")
                .build();
    }
}
