package dev.parley.channel.webhookdelivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places(8);
    private final TenantId greedy = new TenantId(UUID.randomUUID());
    private final TenantId modest = new TenantId(UUID.randomUUID());

    @Test
    void aTenantIsFullWithAQuarterOfThePlaces() {
        places.take(greedy);
        places.take(modest);
        assertThat(places.full()).isEmpty();

        places.take(greedy);

        assertThat(places.full()).containsExactly(greedy);
        assertThat(places.free()).isEqualTo(5);
        places.leave(greedy);
        assertThat(places.full()).isEmpty();
    }

    @Test
    void itIsCrowdedWhenNoPlaceIsFree() {
        for (int i = 0; i < 7; i++) {
            places.take(new TenantId(UUID.randomUUID()));
        }
        assertThat(places.crowded()).isFalse();

        places.take(modest);

        assertThat(places.crowded()).isTrue();
        places.leave(modest);
        assertThat(places.crowded()).isFalse();
    }
}
