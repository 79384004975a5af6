package dev.parley.platform.storage;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Keeps files in a bucket by the S3 API, as AWS, MinIO and Ceph speak it. */
public final class S3Store implements ObjectStore, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(S3Store.class);
    private static final long PIECE = 64L * 1024 * 1024;
    private static final Duration CONNECT = Duration.ofMillis(900);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(3);
    private static final int NOT_IMPLEMENTED = 501;
    /** Where it is tried whether files can be kept: below the platform's own tenant. */
    private static final String TRIAL = "00000000-0000-0000-0000-000000000000/trial";

    private final S3Settings settings;
    private final S3Client client;
    private final long piece;
    private final AtomicBoolean works = new AtomicBoolean();

    /** Keeps files in this bucket, which exists. */
    public S3Store(S3Settings settings) {
        this(settings, PIECE);
    }

    /** @param piece how many bytes go at once of what is larger; 5 MiB at least */
    S3Store(S3Settings settings, long piece) {
        this.settings = settings;
        this.piece = piece;
        this.client = client(settings);
    }

    /** What is needed by older servers too: checksums only where S3 demands them, and then by MD5; bodies in one piece. */
    private static S3Client client(S3Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(
                        Apache5HttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials(settings))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create())
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.pathStyle())
                        .chunkedEncodingEnabled(false)
                        .build());
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.accessKey() == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey()));
    }

    @Override
    public void write(String key, Content content) {
        ObjectStore.checked(key);
        try (Draft draft = Draft.of(content)) {
            if (draft.size() <= piece) {
                reach(() ->
                        client.putObject(put -> put.bucket(settings.bucket()).key(key), body(draft, 0, draft.size())));
            } else {
                reach(() -> upload(key, draft));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + key + " cannot be stored", e);
        }
    }

    /** In pieces: one call takes 5 GiB at most. Nobody sees any before the last is there. */
    private CompleteMultipartUploadResponse upload(String key, Draft draft) {
        String upload = client.createMultipartUpload(
                        begin -> begin.bucket(settings.bucket()).key(key))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (long from = 0; from < draft.size(); from += piece) {
                int number = parts.size() + 1;
                RequestBody body = body(draft, from, Math.min(piece, draft.size() - from));
                String tag = client.uploadPart(
                                part -> part.bucket(settings.bucket())
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                body)
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
            return client.completeMultipartUpload(end ->
                    end.bucket(settings.bucket()).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
        } catch (SdkException failure) {
            try {
                abort(key, upload);
            } catch (SdkException alsoThis) {
                failure.addSuppressed(alsoThis);
            }
            throw failure;
        }
    }

    private static RequestBody body(Draft draft, long from, long length) {
        return RequestBody.fromContentProvider(() -> draft.read(from, length), length, "application/octet-stream");
    }

    @Override
    public Optional<InputStream> read(String key) {
        ObjectStore.checked(key);
        return reach(() -> {
            try {
                return Optional.of(
                        client.getObject(get -> get.bucket(settings.bucket()).key(key)));
            } catch (NoSuchKeyException none) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void eachOlder(String folderKey, Instant than, Consumer<List<String>> reader) {
        String prefix = ObjectStore.checked(folderKey) + "/";
        eachPage(prefix, "/", page -> {
            List<String> names = page.stream()
                    .filter(file -> file.lastModified().isBefore(than))
                    .map(file -> file.key().substring(prefix.length()))
                    .filter(name -> !name.isEmpty())
                    .toList();
            if (!names.isEmpty()) {
                reader.accept(names);
            }
        });
        abortBefore(prefix, than);
    }

    @Override
    public int deleteAll(String key) {
        ObjectStore.checked(key);
        AtomicInteger files = new AtomicInteger();
        eachPage(key, null, page -> {
            List<ObjectIdentifier> found = page.stream()
                    .filter(file -> file.key().equals(key) || file.key().startsWith(key + "/"))
                    .map(file -> ObjectIdentifier.builder().key(file.key()).build())
                    .toList();
            if (!found.isEmpty()) {
                delete(found);
                files.addAndGet(found.size());
            }
        });
        if (!key.contains("/")) {
            abortBefore(key + "/", Instant.MAX);
        }
        return files.get();
    }

    private void delete(List<ObjectIdentifier> files) {
        DeleteObjectsResponse deleted = reach(() -> client.deleteObjects(delete -> delete.bucket(settings.bucket())
                .delete(all -> all.objects(files).quiet(true))));
        if (!deleted.errors().isEmpty()) {
            S3Error first = deleted.errors().getFirst();
            throw new IllegalStateException("a file cannot be deleted (" + first.code() + "): " + first.key());
        }
    }

    /** Ends uploads that nobody comes back to: until then their pieces are kept, and paid for. */
    private void abortBefore(String prefix, Instant than) {
        reach(() -> client.listMultipartUploads(
                                list -> list.bucket(settings.bucket()).prefix(prefix))
                        .uploads())
                .stream()
                .filter(upload -> upload.initiated().isBefore(than))
                .forEach(upload -> reach(() -> abort(upload.key(), upload.uploadId())));
    }

    private AbortMultipartUploadResponse abort(String key, String upload) {
        return client.abortMultipartUpload(
                abort -> abort.bucket(settings.bucket()).key(key).uploadId(upload));
    }

    private void eachPage(String prefix, @Nullable String delimiter, Consumer<List<S3Object>> reader) {
        String token = null;
        do {
            String from = token;
            ListObjectsV2Response page = reach(() -> client.listObjectsV2(list -> list.bucket(settings.bucket())
                    .prefix(prefix)
                    .delimiter(delimiter)
                    .continuationToken(from)));
            reader.accept(page.contents());
            token = page.nextContinuationToken();
        } while (token != null);
    }

    @Override
    public Optional<String> fault() {
        try {
            if (!works.get()) {
                demandErasable();
                tryOut();
                works.set(true);
            }
            client.listObjectsV2(
                    list -> list.bucket(settings.bucket()).maxKeys(1).overrideConfiguration(S3Store::hurry));
            return Optional.empty();
        } catch (SdkException failure) {
            return Optional.of(S3Fault.told(settings, failure));
        } catch (KeepsVersions kept) {
            return Optional.of("The bucket " + settings + " keeps versions: what is erased here would stay there. "
                    + "Suspend its versioning and delete the old versions.");
        }
    }

    /** A bucket with versions would keep everything that is erased. */
    private void demandErasable() {
        try {
            GetBucketVersioningResponse versioning = client.getBucketVersioning(
                    get -> get.bucket(settings.bucket()).overrideConfiguration(S3Store::hurry));
            if (versioning.status() == BucketVersioningStatus.ENABLED) {
                throw new KeepsVersions();
            }
        } catch (S3Exception unknown) {
            if (unknown.statusCode() != NOT_IMPLEMENTED) {
                throw unknown;
            }
        }
    }

    private void tryOut() {
        client.putObject(
                put -> put.bucket(settings.bucket()).key(TRIAL).overrideConfiguration(S3Store::hurry),
                RequestBody.fromString("trial"));
        client.getObjectAsBytes(get -> get.bucket(settings.bucket()).key(TRIAL).overrideConfiguration(S3Store::hurry));
        client.deleteObject(
                delete -> delete.bucket(settings.bucket()).key(TRIAL).overrideConfiguration(S3Store::hurry));
    }

    private static void hurry(AwsRequestOverrideConfiguration.Builder call) {
        call.apiCallTimeout(LOOK);
    }

    private <T> T reach(Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException failure) {
            LOG.errorf("storage: %s", S3Fault.told(settings, failure));
            throw new Problem(CommonProblem.UNAVAILABLE, failure)
                    .detail("Files cannot be reached at the moment.")
                    .header("Retry-After", "2");
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class KeepsVersions extends RuntimeException {
        private static final long serialVersionUID = 1L;

        KeepsVersions() {
            super("the bucket keeps versions", null, false, false);
        }
    }
}
