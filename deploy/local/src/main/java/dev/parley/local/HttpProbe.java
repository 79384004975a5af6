package dev.parley.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks one address whether it is ready. */
final class HttpProbe {
    private static final int PATIENCE_MILLIS = 2000;

    private HttpProbe() {}

    /** True when the address answers 200 within two seconds. */
    static boolean ok(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
