package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.lifecycle.TenantData;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TenantDataKit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TenantDataIT {
    @Inject
    TenantData data;

    @Test
    void everyTableOfTenantsIsExportedErasedAndRetainedOrSaysWhyNot() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(TenantDataKit.faults(superuser, data)).isEmpty();
        }
    }
}
