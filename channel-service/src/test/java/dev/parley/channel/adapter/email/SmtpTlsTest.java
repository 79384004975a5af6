package dev.parley.channel.adapter.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.AdapterSettings;
import dev.parley.channel.webhook.WebhookSettings;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate is of the name that the tenant gave, though another address is connected to. */
class SmtpTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());

    @TempDir
    private static Path folder;

    private static SSLContext tls;

    @BeforeAll
    static void certificate() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "mail",
                        "-dname",
                        "CN=mail.shop.example",
                        "-ext",
                        "SAN=dns:mail.shop.example",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("mail", keys.getCertificate("mail"));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(known);
        tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    }

    @Test
    void aServerIsWhoItsCertificateSays() throws Exception {
        try (FakeSmtp server =
                new FakeSmtp(tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress()))) {
            assertLetInAs(server, "tls");
        }
    }

    @Test
    void alsoWhenItIsAskedToEncrypt() throws Exception {
        try (FakeSmtp server = new FakeSmtp(tls)) {
            assertLetInAs(server, "starttls");
        }
    }

    private static void assertLetInAs(FakeSmtp server, String encryption) {
        assertThatCode(() -> check(server, "mail.shop.example", encryption)).doesNotThrowAnyException();
        for (String other : new String[] {"other.shop.example", "127.0.0.1"}) {
            assertThatThrownBy(() -> check(server, other, encryption))
                    .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.type())
                            .isEqualTo(AdapterProblem.CHANNEL_UNREACHABLE));
        }
    }

    private static void check(FakeSmtp server, String host, String encryption) {
        Addresses addresses = new Addresses(new WebhookSettings(true, Duration.ofSeconds(1)), name ->
                new InetAddress[] {InetAddress.getLoopbackAddress()});
        new Smtp(AdapterSettings.of(EmailConfig.class, Map.of()), addresses, tls.getSocketFactory())
                .check(TENANT, new Smtp.Login(host, server.port(), "shop", "right", encryption));
    }
}
