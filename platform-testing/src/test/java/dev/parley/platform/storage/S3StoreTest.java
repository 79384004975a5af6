package dev.parley.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Against S3Proxy, a server of the S3 API in this process that checks every signature (Signature Version 4). */
class S3StoreTest extends ObjectStoreTest {
    private static final String BUCKET = "parley";
    private static final String KEY = "parley-key";
    private static final String SECRET = "parley-secret/with+signs";
    private static final long PIECE = 5L * 1024 * 1024;

    private static S3Proxy server;
    private static URI endpoint;
    private static S3Client owner;
    private static S3Store store;

    @BeforeAll
    static void serve() throws Exception {
        server = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                .build();
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        owner = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .forcePathStyle(true)
                .build();
        owner.createBucket(bucket -> bucket.bucket(BUCKET));
        store = new S3Store(settings(BUCKET, KEY, SECRET, endpoint), PIECE);
    }

    @AfterAll
    static void end() throws Exception {
        store.close();
        owner.close();
        server.stop();
    }

    @Override
    ObjectStore store() {
        return store;
    }

    @Test
    void theFaultNamesTheSettingToMend() {
        assertThat(fault(settings("missing", KEY, SECRET, endpoint)))
                .contains("there is no such bucket")
                .contains("PARLEY_S3_BUCKET");
        assertThat(fault(settings(BUCKET, "nobody", SECRET, endpoint))).contains("PARLEY_S3_ACCESS_KEY");
        assertThat(fault(settings(BUCKET, KEY, "guessed", endpoint)))
                .contains("PARLEY_S3_SECRET_KEY")
                .doesNotContain("guessed");
        assertThat(fault(settings(BUCKET, KEY, SECRET, URI.create("http://127.0.0.1:1"))))
                .contains("nobody listens")
                .contains("PARLEY_S3_ENDPOINT");
    }

    @Test
    void aBucketThatWouldKeepWhatIsErasedIsNoGoodOne() {
        owner.createBucket(bucket -> bucket.bucket("versions"));
        owner.putBucketVersioning(put -> put.bucket("versions")
                .versioningConfiguration(versions -> versions.status(BucketVersioningStatus.ENABLED)));

        assertThat(fault(settings("versions", KEY, SECRET, endpoint))).contains("keeps versions");
    }

    @Test
    void aWrongSecretOpensNothing() {
        String key = UUID.randomUUID() + "/media/a";
        store.write(key, out -> out.write(1));

        try (S3Store thief = new S3Store(settings(BUCKET, KEY, "guessed", endpoint))) {
            assertThatThrownBy(() -> thief.read(key)).satisfies(S3StoreTest::isUnavailable);
            assertThatThrownBy(() -> thief.write(key, out -> out.write(2))).satisfies(S3StoreTest::isUnavailable);
            assertThatThrownBy(() -> thief.deleteAll(key)).satisfies(S3StoreTest::isUnavailable);
        }
        assertThat(store.read(key)).isPresent();
    }

    @Test
    void uploadsThatWereLeftBehindEndWithWhatIsOlderAndWithTheirTenant() {
        String tenant = UUID.randomUUID().toString();
        begin(tenant + "/media/a");
        begin(tenant + "/exports/b");
        begin(UUID.randomUUID() + "/media/c");

        store.eachOlder(tenant + "/media", Instant.now().minusSeconds(3_600), names -> {});
        assertThat(begun(tenant)).containsExactlyInAnyOrder(tenant + "/media/a", tenant + "/exports/b");
        store.eachOlder(tenant + "/media", Instant.now().plusSeconds(60), names -> {});
        assertThat(begun(tenant)).containsExactly(tenant + "/exports/b");
        store.deleteAll(tenant);

        assertThat(begun(tenant)).isEmpty();
        assertThat(begun("")).as("of others").hasSize(1);
    }

    @Test
    void aDraftHasNoNameOnTheDiskWhileItIsMade() {
        store.write(UUID.randomUUID() + "/media/a", out -> {
            out.write(new byte[1_000_000]);
            try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                assertThat(files.filter(file -> file.getFileName().toString().startsWith("parley-draft-")))
                        .isEmpty();
            }
        });
    }

    @Test
    void theSecretIsToldNobody() {
        assertThat(settings(BUCKET, KEY, SECRET, endpoint).toString())
                .contains(BUCKET)
                .doesNotContain(SECRET);
        assertThatThrownBy(() -> settings(BUCKET, KEY, null, endpoint)).hasMessageContaining("PARLEY_S3_SECRET_KEY");
    }

    private static String fault(S3Settings settings) {
        try (S3Store faulty = new S3Store(settings)) {
            return faulty.fault().orElseThrow();
        }
    }

    private static void isUnavailable(Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.type())
                .isEqualTo(CommonProblem.UNAVAILABLE));
    }

    private static void begin(String key) {
        owner.createMultipartUpload(upload -> upload.bucket(BUCKET).key(key));
    }

    private static List<String> begun(String tenant) {
        return owner.listMultipartUploads(list -> list.bucket(BUCKET).prefix(tenant)).uploads().stream()
                .map(MultipartUpload::key)
                .toList();
    }

    private static S3Settings settings(String bucket, String key, String secret, URI endpoint) {
        return new S3Settings(bucket, "us-east-1", endpoint, key, secret, true);
    }
}
