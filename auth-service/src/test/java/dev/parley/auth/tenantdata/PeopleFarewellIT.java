package dev.parley.auth.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class PeopleFarewellIT {
    @Inject
    PeopleFarewellFlow people;

    @Test
    void whoJoinsAnotherTenantAtTheSameMomentStays() throws Exception {
        Story.Person owner = Story.newcomer();
        Story.Person host = Story.newcomer();
        try (Connection joining = Story.superuser();
                Statement work = joining.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            joining.setAutoCommit(false);
            work.execute("select 1 from app.user_account where id = '" + owner.userId() + "' for share");
            work.execute("insert into app.membership (tenant_id, user_id, role, created_by) values ('" + host.tenantId()
                    + "', '" + owner.userId() + "', 'member', 'test')");
            Future<?> farewell = threads.submit(() -> people.leave(TenantId.of(owner.tenantId())));
            Story.await("the farewell to wait for who is joining", () -> "t"
                    .equals(Story.sql("select exists (select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and query like '%leaving_at%')")));
            joining.commit();
            farewell.get(10, TimeUnit.SECONDS);
        }

        assertThat(Story.keycloak("users", Map.of()).toString()).contains(owner.email());
        assertThat(Story.sql("select leaving_at is null from app.user_account where id = '" + owner.userId() + "'"))
                .isEqualTo("t");
        Story.exchange("bearer", owner.accessToken(), host.tenantId()).then().statusCode(200);
    }
}
