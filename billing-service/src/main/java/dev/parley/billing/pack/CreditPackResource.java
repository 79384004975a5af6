package dev.parley.billing.pack;

import dev.parley.platform.paging.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The credit packs that can be bought on top of a plan. */
@Path("/api/v1/credit-packs")
@RunOnVirtualThread
public class CreditPackResource {
    private final CreditPackService packs;

    CreditPackResource(CreditPackService packs) {
        this.packs = packs;
    }

    /** Lists the newest version of every pack; needs no credentials. */
    @GET
    @PermitAll
    public Page<CreditPack> list() {
        return new Page<>(packs.list(), null);
    }
}
