package dev.parley.platform.metric;

import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Keeps ids and tokens out of the label {@code uri}: a request that is refused before its route is known would
 * otherwise be counted under the path that the client sent, one time series for each.
 */
@Singleton
public class MetricLabels {
    /** A part of a path with a digit in it, other than a version or a template. */
    private static final Pattern ID = Pattern.compile("(?<=/)(?!v\\d+(?:/|$))[^/{}]*\\d[^/{}]*(?=/|$)");

    /** The filter that Micrometer applies to every meter. */
    @Produces
    @Singleton
    MeterFilter withoutIds() {
        return MeterFilter.replaceTagValues("uri", MetricLabels::withoutIds);
    }

    static String withoutIds(String uri) {
        return ID.matcher(uri).replaceAll("{id}");
    }
}
