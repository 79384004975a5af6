package dev.parley.channel.adapter.vendor;

import dev.parley.channel.adapter.MediaUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** What adapters have in common when they get a file that a customer sent. */
public final class VendorMedia {
    private VendorMedia() {}

    /**
     * What a vendor says of a file.
     *
     * @throws MediaUnavailable for good when asking again is of no use
     */
    public static VendorHttp.Response said(VendorHttp.Result result) {
        return switch (result) {
            case VendorHttp.NotSent notSent -> throw new MediaUnavailable(false, notSent.reason());
            case VendorHttp.Unanswered unanswered -> throw new MediaUnavailable(false, unanswered.reason());
            case VendorHttp.Response response when response.status() == 200 -> response;
            case VendorHttp.Response response -> throw unavailable(response.status());
        };
    }

    /**
     * The file, or an answer that leads to it; whoever gets it closes its body.
     *
     * @throws MediaUnavailable for good when asking again is of no use
     */
    public static VendorHttp.Download answered(VendorHttp.Opening opening) {
        return switch (opening) {
            case VendorHttp.NotSent notSent -> throw new MediaUnavailable(false, notSent.reason());
            case VendorHttp.Unanswered unanswered -> throw new MediaUnavailable(false, unanswered.reason());
            case VendorHttp.Download download when download.status() < 400 -> download;
            case VendorHttp.Download download -> throw refused(download);
        };
    }

    /** The bytes of the file itself, as {@link #answered}. */
    public static InputStream found(VendorHttp.Opening opening) {
        VendorHttp.Download download = answered(opening);
        if (download.status() != 200) {
            throw refused(download);
        }
        return download.body();
    }

    /** Ends an answer that is not read. */
    public static void leave(VendorHttp.Download download) {
        try {
            download.body().close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static MediaUnavailable refused(VendorHttp.Download download) {
        leave(download);
        return unavailable(download.status());
    }

    private static MediaUnavailable unavailable(int status) {
        return new MediaUnavailable(status < 500 && status != 429, "status " + status);
    }

    /**
     * Whether an address that a vendor named is a place of its files: its word alone is not enough.
     *
     * @param apiBase the vendor's own address, without a slash at the end
     * @param places hosts that serve by HTTPS on its own port; with a path, only what is below it
     */
    public static boolean isServedBy(String url, String apiBase, Set<String> places) {
        if (url.startsWith(apiBase + "/")) {
            return true;
        }
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
        if (!"https".equals(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getPort() != -1) {
            return false;
        }
        String path = uri.getRawPath();
        if (path.contains("/..") || path.toLowerCase(Locale.ROOT).contains("%2e")) {
            return false;
        }
        return places.stream().anyMatch(place -> isAt(place, uri.getHost(), path));
    }

    private static boolean isAt(String place, String host, String path) {
        int slash = place.indexOf('/');
        return slash < 0
                ? host.equals(place)
                : host.equals(place.substring(0, slash)) && path.startsWith(place.substring(slash) + "/");
    }
}
