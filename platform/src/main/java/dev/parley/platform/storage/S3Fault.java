package dev.parley.platform.storage;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failure of an S3 server means, for whoever set it up. */
final class S3Fault {
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("NoSuchBucket", "there is no such bucket: make it, or mend PARLEY_S3_BUCKET"),
            Map.entry("InvalidAccessKeyId", "the access key is not known there: mend PARLEY_S3_ACCESS_KEY"),
            Map.entry(
                    "SignatureDoesNotMatch", "the secret does not belong to the access key: mend PARLEY_S3_SECRET_KEY"),
            Map.entry(
                    "AccessDenied",
                    "the key may not do this: allow it to list, read, write and delete, and to see the versioning"),
            Map.entry("PermanentRedirect", "the bucket is in another region: mend PARLEY_S3_REGION"),
            Map.entry("AuthorizationHeaderMalformed", "the bucket is in another region: mend PARLEY_S3_REGION"),
            Map.entry("RequestTimeTooSkewed", "the clocks differ: set this machine's"),
            Map.entry("XMinioStorageFull", "its disks are full"));

    private S3Fault() {}

    /** One sentence that names the setting to be mended, where that can be told. */
    static String told(S3Settings settings, SdkException failure) {
        return "The bucket " + settings + " cannot be used: " + meaning(failure) + ".";
    }

    private static String meaning(SdkException failure) {
        if (failure instanceof AwsServiceException answer) {
            String code = answer.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(answer.awsErrorDetails().errorCode());
            return MEANINGS.getOrDefault(code, "it answers " + (answer.statusCode() + " " + code).strip());
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "the host is not known: mend PARLEY_S3_ENDPOINT";
            }
            if (cause instanceof ConnectException) {
                return "nobody listens there: mend PARLEY_S3_ENDPOINT, or start it";
            }
            if (cause instanceof SSLException) {
                return "its certificate is not trusted";
            }
            if (cause instanceof SocketTimeoutException) {
                return "it does not answer";
            }
        }
        return String.valueOf(failure.getMessage()).contains("credentials")
                ? "there are no credentials: set PARLEY_S3_ACCESS_KEY and PARLEY_S3_SECRET_KEY, or give the machine a role"
                : "it does not answer";
    }
}
