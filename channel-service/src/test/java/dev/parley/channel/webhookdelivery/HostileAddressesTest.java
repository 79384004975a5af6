package dev.parley.channel.webhookdelivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.parley.channel.webhook.HostileAddresses;
import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhook.WebhookSettings;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses that lead inside are refused where an endpoint is made or changed, and again where something is delivered. */
class HostileAddressesTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final Webhook SECRET = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicInteger ASKED = new AtomicInteger();

    /** A name server that calls everything public, so that only the reading can save us. */
    private static final Addresses ADDRESSES = new Addresses(new WebhookSettings(false, Duration.ZERO), name -> {
        ASKED.incrementAndGet();
        return new InetAddress[] {InetAddress.ofLiteral("93.184.216.34")};
    });

    private static final WebhookSender SENDER =
            new WebhookSender(VERTX, ADDRESSES, new DeliverySettings(Duration.ofSeconds(1)));

    @AfterAll
    static void end() {
        VERTX.close();
    }

    static List<String> hostile() {
        return HostileAddresses.all();
    }

    @Test
    void thereAreEnoughOfThem() {
        assertThat(hostile()).hasSizeGreaterThan(200).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void noEndpointIsMadeOrChangedToIt(String url) {
        assertThatThrownBy(() -> ADDRESSES.check(TENANT, url)).isInstanceOf(RefusedAddress.class);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void nothingIsDeliveredToItThoughItWereStored(String url) {
        int before = ASKED.get();

        assertThatThrownBy(() -> SENDER.route(TENANT, new Target(1, url, false, 8, SECRET, null, null)))
                .isInstanceOfSatisfying(RefusedAddress.class, refused -> assertThat(refused.undecided())
                        .isFalse());

        assertThat(ASKED).hasValue(before);
    }
}
