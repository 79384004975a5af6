package dev.parley.platform.storage;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a bucket is, and the key to it.
 *
 * @param endpoint null for AWS itself
 * @param accessKey null where the machine has rights of its own, as roles on AWS give them
 * @param pathStyle whether the bucket stands in the path of addresses, not in their host
 */
public record S3Settings(
        String bucket,
        String region,
        @Nullable URI endpoint,
        @Nullable String accessKey,
        @Nullable String secretKey,
        boolean pathStyle) {
    /** Keys come in pairs. */
    public S3Settings {
        if ((accessKey == null) != (secretKey == null)) {
            throw new IllegalArgumentException(
                    "PARLEY_S3_ACCESS_KEY and PARLEY_S3_SECRET_KEY come together or not at all");
        }
    }

    /** The settings without the secret. */
    @Override
    public String toString() {
        return bucket + " at " + (endpoint == null ? "AWS, " + region : endpoint);
    }
}
