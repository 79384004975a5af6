package dev.parley.platform.storage;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses where files of tenants are kept: in a bucket where one is named, else in a folder. */
@ApplicationScoped
class Storage {
    private final Optional<String> folder;
    private final Optional<S3Settings> bucket;

    Storage(
            @ConfigProperty(name = "parley.storage.dir") Optional<String> folder,
            @ConfigProperty(name = "parley.storage.s3.bucket") Optional<String> bucket,
            @ConfigProperty(name = "parley.storage.s3.region") String region,
            @ConfigProperty(name = "parley.storage.s3.endpoint") Optional<URI> endpoint,
            @ConfigProperty(name = "parley.storage.s3.access-key") Optional<String> accessKey,
            @ConfigProperty(name = "parley.storage.s3.secret-key") Optional<String> secretKey,
            @ConfigProperty(name = "parley.storage.s3.path-style") Optional<Boolean> pathStyle) {
        this.folder = folder;
        this.bucket = bucket.map(name -> new S3Settings(
                name,
                region,
                endpoint.orElse(null),
                accessKey.orElse(null),
                secretKey.orElse(null),
                pathStyle.orElse(endpoint.isPresent())));
    }

    /** A service that could keep nothing does not start. */
    void demand(@Observes @Priority(1) StartupEvent event) {
        if (folder.isEmpty() && bucket.isEmpty()) {
            throw new IllegalStateException("set PARLEY_STORAGE_DIR (parley.storage.dir) or PARLEY_S3_BUCKET"
                    + " (parley.storage.s3.bucket): files of tenants are kept nowhere");
        }
    }

    @Produces
    @Singleton
    ObjectStore store() {
        return bucket.isPresent() ? new S3Store(bucket.get()) : new FolderStore(Path.of(folder.orElseThrow()));
    }
}
