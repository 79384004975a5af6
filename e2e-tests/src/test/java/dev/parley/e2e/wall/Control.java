package dev.parley.e2e.wall;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The same requests by the tenant whose ids they hold: a stranger's 404 proves nothing when the owner gets it too. */
final class Control {
    private static final Set<Integer> MALFORMED = Set.of(400, 404, 405, 415, 422);

    private Control() {}

    /** Which operations a tenant's own owner, or staff with a reason, cannot perform either. */
    static List<String> malformed(Contract contract, Household tenant) {
        List<String> malformed = new ArrayList<>();
        Api staff = Api.platformAdmin().with(Operation.ACCESS_REASON, "control of the wall");
        Household now = tenant;
        for (Operation operation : gentlestFirst(contract)) {
            boolean byStaff = operation.forStaff() && operation.needsReason() && Attacks.hasOwnedPath(operation);
            if (operation.isPublic() || operation.forStaff() && !byStaff) {
                continue;
            }
            Principal caller = Principal.unknown("control", byStaff ? staff : now.owner());
            Object body = operation.hasBody() || operation.takesBytes()
                    ? now.samples().any(operation)
                    : null;
            Answer answer = new Attempt(new Rules.Call(operation, caller, Attack.PLAIN), now.path(operation), body)
                    .send()
                    .answer();
            // Nothing in it can be malformed: there is one such thing, and now there is none.
            boolean nothingThere = answer.status() == 404 && operation.inPath().isEmpty() && !operation.hasBody();
            if (!nothingThere && MALFORMED.contains(answer.status()) || answer.status() >= 500) {
                malformed.add(operation + " answered " + answer.status() + " " + answer.raw());
            }
            if (now.owner().get("/api/v1/tenant").status() != 200) {
                now = Household.signUp(contract).borrowing(tenant);
            }
        }
        return malformed;
    }

    /** Reads, then changes of single things, then their ends, then what concerns the whole tenant. */
    private static List<Operation> gentlestFirst(Contract contract) {
        Comparator<Operation> order = Comparator.comparing((Operation operation) -> !operation.isSafe())
                // What is sent over a channel needs it, before it is disconnected.
                .thenComparing(operation -> !operation.path().equals("/api/v1/otp"))
                // What gives back needs what was bought, before the tenant that bought it ends.
                .thenComparing(operation -> !operation.path().endsWith("-refunds"))
                .thenComparing(operation -> operation.forStaff())
                .thenComparing(operation -> operation.inPath().isEmpty())
                .thenComparing(operation -> operation.method().equals("DELETE"))
                // Who has ended the own session ends nothing else of the tenant.
                .thenComparing(operation -> operation.path().startsWith("/api/v1/sessions/"))
                // Sending an invitation again ends the link that its acceptance is tried with.
                .thenComparing(operation -> operation.path().endsWith("/resending"));
        return contract.operations().stream().sorted(order).toList();
    }
}
