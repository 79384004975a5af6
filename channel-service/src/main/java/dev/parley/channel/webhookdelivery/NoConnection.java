package dev.parley.channel.webhookdelivery;

import java.net.ConnectException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why there is no connection, so that a partner knows what to mend. */
final class NoConnection {
    private NoConnection() {}

    /** The reason in words of ours: what was thrown may tell of our own network. */
    static String because(@Nullable Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(10)
                .toList();
        if (any(causes, CertificateException.class) || any(causes, CertPathValidatorException.class)) {
            return "the certificate is not valid for this name and time";
        }
        if (any(causes, SSLException.class)) {
            return "TLS failed";
        }
        boolean refused = causes.stream()
                .anyMatch(cause -> cause instanceof ConnectException
                        && String.valueOf(cause.getMessage()).contains("refused"));
        return refused ? "connection refused" : "no connection";
    }

    private static boolean any(List<Throwable> causes, Class<? extends Throwable> kind) {
        return causes.stream().anyMatch(kind::isInstance);
    }
}
