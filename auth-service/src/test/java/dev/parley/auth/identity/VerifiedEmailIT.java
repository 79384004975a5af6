package dev.parley.auth.identity;

import static dev.parley.auth.Story.keycloak;
import static dev.parley.auth.Story.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class VerifiedEmailIT {
    @Inject
    VerifiedEmailFlow verifiedEmails;

    @Test
    void aProofCountsAtOnceAndAnOlderTokenDoesNotTakeItBack() {
        Story.Person person = Story.newcomer();
        Caller caller = new Caller(null, person.userId(), "password", Set.of(), Set.of());
        assertThatThrownBy(() -> verifiedEmails.require(caller))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.type())
                        .isEqualTo(IdentityProblem.EMAIL_NOT_VERIFIED));

        keycloak("verify", Map.of("email", person.email()));

        assertThat(verifiedEmails.require(caller).emailVerified()).isTrue();
        Story.as(person).get("/api/v1/me").then().statusCode(200);
        assertThat(stored(person)).isEqualTo("t");
    }

    @Test
    void aTokenThatKnowsOfTheProofBringsIt() {
        Story.Person person = Story.newcomer();
        keycloak("verify", Map.of("email", person.email()));

        Story.exchange("bearer", person.accessToken(), null).then().statusCode(200);
        assertThat(stored(person)).isEqualTo("f");
        Story.exchange("bearer", Story.login(person.email()), null).then().statusCode(200);

        assertThat(stored(person)).isEqualTo("t");
    }

    private static String stored(Story.Person person) {
        return sql("select email_verified from app.user_account where id = '" + person.userId() + "'");
    }
}
