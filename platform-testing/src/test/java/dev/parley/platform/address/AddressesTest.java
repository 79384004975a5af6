package dev.parley.platform.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.tenancy.TenantId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.216.34");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.com",
                "https://hooks.example.com/",
                "HTTPS://Hooks.Example.COM/Parley?key=%20x&y=[]",
                "https://hooks.example.com:8443/a/b",
                "https://xn--hks-tna.example.com/",
                "https://a-b.c1.example.co.in:443/x",
                "https://93.184.216.34/",
                "https://[2606:2800:220:1:248:1893:25c8:1946]/hook"
            })
    void anOrdinaryAddressIsTaken(String url) throws RefusedAddress {
        Address address = answering(PUBLIC).check(TENANT, url);

        assertThat(address.secure()).isTrue();
        assertThat(address.host()).isLowerCase();
    }

    @Test
    void whatIsReadIsWhatIsCalled() throws RefusedAddress {
        Address address = answering(PUBLIC).check(TENANT, "https://Hooks.Example.com:8443?a=b");

        assertThat(address.host()).isEqualTo("hooks.example.com");
        assertThat(address.port()).isEqualTo(8443);
        assertThat(address.target()).isEqualTo("/?a=b");
        assertThat(address.authority()).isEqualTo("hooks.example.com:8443");
        assertThat(answering(PUBLIC)
                        .check(TENANT, "https://[2606:2800:220:1::1]/")
                        .authority())
                .isEqualTo("[2606:2800:220:1::1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
                        "224.0.0.1",
                "255.255.255.255", "198.18.0.1", "192.0.0.8", "168.63.129.16", "::1", "::", "fe80::1", "fd00::1",
                "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "::127.0.0.1", "ff02::1", "::ffff:10.0.0.1"
            })
    void aNameThatStandsForSomethingInsideIsRefused(String inside) {
        assertThatThrownBy(() -> answering(InetAddress.ofLiteral(inside)).check(TENANT, "https://rebound.example.com/"))
                .isInstanceOf(RefusedAddress.class)
                .hasMessage("the host is not on the public internet");
    }

    @Test
    void oneInnerAddressAmongPublicOnesIsEnoughToRefuse() {
        Addresses addresses = answering(PUBLIC, InetAddress.ofLiteral("10.0.0.5"));

        assertThatThrownBy(() -> addresses.check(TENANT, "https://mixed.example.com/"))
                .isInstanceOf(RefusedAddress.class);
    }

    @Test
    void aNameIsAskedAgainWhenItsTimeIsOverAndThenRefused() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Addresses addresses = new Addresses(new Rules(false, Duration.ZERO), name ->
                new InetAddress[] {asked.incrementAndGet() == 1 ? PUBLIC : InetAddress.ofLiteral("127.0.0.1")});
        Address address = addresses.read("https://rebinding.example.com/");

        assertThat(addresses.resolve(TENANT, address)).containsExactly(PUBLIC);
        assertThatThrownBy(() -> addresses.resolve(TENANT, address)).isInstanceOf(RefusedAddress.class);
    }

    @Test
    void aNameIsBelievedForAWhile() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Addresses addresses = new Addresses(new Rules(false, Duration.ofMinutes(1)), name -> {
            asked.incrementAndGet();
            return new InetAddress[] {PUBLIC};
        });
        Address address = addresses.read("https://hooks.example.com/");

        addresses.resolve(TENANT, address);
        addresses.resolve(TENANT, address);

        assertThat(asked).hasValue(1);
    }

    @Test
    void aSilentOrUnknowingNameServerIsARefusal() {
        CountDownLatch never = new CountDownLatch(1);
        Rules hasty = new Rules(false, Duration.ZERO, "http://127.0.0.1:8080", Duration.ofSeconds(1));
        Addresses silent = new Addresses(hasty, name -> {
            try {
                never.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[0];
        });
        Addresses unknowing = new Addresses(new Rules(false, Duration.ZERO), name -> {
            throw new UnknownHostException(name);
        });

        assertThatThrownBy(() -> silent.check(TENANT, "https://hooks.example.com/"))
                .hasMessage("no name server answered for the host");
        assertThatThrownBy(() -> unknowing.check(TENANT, "https://hooks.example.com/"))
                .hasMessage("the host has no address");
        never.countDown();
    }

    @Test
    void aLocalInstallationAlsoTakesThisMachineAndNothingElse() throws RefusedAddress {
        Addresses local = new Addresses(
                new Rules(true, Duration.ZERO), name -> new InetAddress[] {InetAddress.getLoopbackAddress()});

        assertThat(local.check(TENANT, "http://127.0.0.1:9000/hook").secure()).isFalse();
        assertThat(local.check(TENANT, "http://localhost:9000/hook").port()).isEqualTo(9000);
        for (String inside : List.of("http://10.0.0.1/", "http://169.254.169.254/", "https://db.internal/")) {
            assertThatThrownBy(() -> local.check(TENANT, inside)).isInstanceOf(RefusedAddress.class);
        }
    }

    private static Addresses answering(InetAddress... addresses) {
        return new Addresses(new Rules(false, Duration.ZERO), name -> addresses);
    }
}
