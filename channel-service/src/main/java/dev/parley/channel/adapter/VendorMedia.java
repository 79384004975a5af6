package dev.parley.channel.adapter;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** What adapters have in common when they get a file that a customer sent. */
public final class VendorMedia {
    private VendorMedia() {}

    /**
     * An answer that is not an error.
     *
     * @throws MediaUnavailable for good when asking again is of no use: it is gone, or too large
     */
    public static VendorHttp.Response answered(VendorHttp.Result result) {
        return switch (result) {
            case VendorHttp.NotSent notSent -> throw new MediaUnavailable(false, notSent.reason());
            case VendorHttp.Unanswered unanswered ->
                throw new MediaUnavailable(unanswered.tooLong(), unanswered.reason());
            case VendorHttp.Response response when response.status() < 400 -> response;
            case VendorHttp.Response response ->
                throw new MediaUnavailable(
                        response.status() < 500 && response.status() != 429, "status " + response.status());
        };
    }

    /** As {@link #answered}, of the file itself. */
    public static VendorHttp.Response found(VendorHttp.Result result) {
        VendorHttp.Response response = answered(result);
        if (response.status() != 200) {
            throw new MediaUnavailable(true, "status " + response.status());
        }
        return response;
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
