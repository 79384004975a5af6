package dev.parley.billing.payment.razorpay;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** A customer's way to Razorpay's checkout and back. The address is the credential, and nothing changes here. */
@Path("/checkout/razorpay/{subscription: sub_[A-Za-z0-9]{1,60}}")
@RunOnVirtualThread
public class RazorpayCheckoutResource {
    private final RazorpayProvider razorpay;

    RazorpayCheckoutResource(RazorpayProvider razorpay) {
        this.razorpay = razorpay;
    }

    /** The page from which a customer goes on to Razorpay; 404 unless a checkout answered with this very address. */
    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(summary = "The page from which a customer goes on to Razorpay's checkout")
    @PermitAll
    public String page(
            @PathParam("subscription") String subscription,
            @QueryParam("success") @DefaultValue("") String success,
            @QueryParam("cancel") @DefaultValue("") String cancel,
            @QueryParam("proof") @DefaultValue("") String proof) {
        Map<String, String> fields = razorpay.form(new RazorpayPage(subscription, success, cancel), proof)
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        String inputs = new TreeMap<>(fields)
                .entrySet().stream()
                        .map(field -> "<input type=\"hidden\" name=\"" + field.getKey() + "\" value=\""
                                + escaped(field.getValue()) + "\">")
                        .collect(Collectors.joining());
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width, initial-scale=1\"><title>Pay with Razorpay</title></head><body><main>"
                + "<h1>Pay with Razorpay</h1><p>You go on to Razorpay, pay there, and come back.</p>"
                + "<form method=\"post\" action=\"" + escaped(razorpay.formAddress()) + "\">" + inputs
                + "<button>Continue to Razorpay</button></form><p><a href=\"" + escaped(cancel)
                + "\">Do not pay</a></p></main></body></html>";
    }

    /**
     * Where Razorpay sends the customer back to: on to the shop's page for success when its signature is right, else to
     * the one for cancellation. It grants nothing: what was paid is asked of Razorpay itself.
     */
    @POST
    @Path("/return")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(summary = "Where Razorpay's checkout sends a customer back to")
    @PermitAll
    public Response back(
            @PathParam("subscription") String subscription,
            @QueryParam("success") @DefaultValue("") String success,
            @QueryParam("cancel") @DefaultValue("") String cancel,
            @QueryParam("proof") @DefaultValue("") String proof,
            @FormParam("razorpay_payment_id") @Nullable String paymentId,
            @FormParam("razorpay_subscription_id") @Nullable String subscriptionId,
            @FormParam("razorpay_signature") @Nullable String signature) {
        RazorpayPage page = new RazorpayPage(subscription, success, cancel);
        if (razorpay.form(page, proof).isEmpty()) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        boolean authorised = razorpay.isAuthorised(page, paymentId, subscriptionId, signature);
        return Response.status(Response.Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, authorised ? success : cancel)
                .build();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
