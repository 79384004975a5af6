package dev.parley.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.adjustment.AdjustmentProblem;
import dev.parley.billing.approval.ApprovalProblem;
import dev.parley.billing.change.PlanChangeProblem;
import dev.parley.billing.customerinvoice.CustomerInvoiceProblem;
import dev.parley.billing.invoice.InvoiceProblem;
import dev.parley.billing.lifecycle.LifecycleProblem;
import dev.parley.billing.pack.CreditPackProblem;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.plan.PlanProblem;
import dev.parley.billing.profile.ProfileProblem;
import dev.parley.billing.reconciliation.ReconciliationProblem;
import dev.parley.billing.refund.RefundProblem;
import dev.parley.billing.subscription.SubscriptionProblem;
import dev.parley.platform.problem.ProblemType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemCatalogueTest {
    static Stream<ProblemType> problems() {
        return Stream.of(
                        PlanProblem.values(),
                        PaymentProblem.values(),
                        SubscriptionProblem.values(),
                        InvoiceProblem.values(),
                        AdjustmentProblem.values(),
                        ApprovalProblem.values(),
                        ReconciliationProblem.values(),
                        ProfileProblem.values(),
                        CustomerInvoiceProblem.values(),
                        PlanChangeProblem.values(),
                        CreditPackProblem.values(),
                        RefundProblem.values(),
                        LifecycleProblem.values())
                .flatMap(Arrays::stream);
    }

    @ParameterizedTest
    @MethodSource("problems")
    void everyProblemIsDocumented(ProblemType problem) throws Exception {
        String slug = problem.type().getPath().replace("/problems/", "");

        assertThat(Files.readString(Path.of("..", "docs", "problems", slug + ".md")))
                .contains(problem.title())
                .contains(String.valueOf(problem.status()));
    }
}
