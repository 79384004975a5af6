package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.apikey.ApiKeyProblem;
import dev.parley.auth.eventkey.EventKeyProblem;
import dev.parley.auth.export.ExportProblem;
import dev.parley.auth.identity.IdentityProblem;
import dev.parley.auth.invitation.InvitationProblem;
import dev.parley.auth.member.MemberProblem;
import dev.parley.auth.session.SessionProblem;
import dev.parley.auth.signup.SignupProblem;
import dev.parley.auth.tenant.TenantProblem;
import dev.parley.platform.problem.ProblemType;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemPagesTest {
    @Test
    void everyProblemHasItsPage() {
        Stream.<ProblemType[]>of(
                        IdentityProblem.values(),
                        SignupProblem.values(),
                        SessionProblem.values(),
                        TenantProblem.values(),
                        MemberProblem.values(),
                        InvitationProblem.values(),
                        ApiKeyProblem.values(),
                        EventKeyProblem.values(),
                        ExportProblem.values())
                .flatMap(Stream::of)
                .forEach(problem -> {
                    String type = problem.type().toString();
                    String slug = type.substring(type.lastIndexOf('/') + 1);
                    assertThat(Path.of("../docs/problems", slug + ".md"))
                            .content()
                            .contains("# " + problem.name())
                            .contains(String.valueOf(problem.status()));
                });
    }
}
