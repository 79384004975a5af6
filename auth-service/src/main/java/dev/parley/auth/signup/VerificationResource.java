package dev.parley.auth.signup;

import dev.parley.platform.security.CurrentCaller;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The proof that an e-mail address is the caller's own. */
@Path("/api/v1/auth/verification")
@RunOnVirtualThread
@Tag(name = "Identity")
public class VerificationResource {
    private final VerificationFlow verification;
    private final CurrentCaller caller;

    VerificationResource(VerificationFlow verification, CurrentCaller caller) {
        this.verification = verification;
        this.caller = caller;
    }

    /** Sends a mail with a link that proves the caller's address. */
    @POST
    @Authenticated
    @Operation(summary = "Send the verification mail again")
    public void send() {
        verification.send(caller.get());
    }
}
