package dev.parley.gateway.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of the W3C trace-context test suite that concern a single header. */
class TraceContextTest {
    private static final String TRACE = "12345678901234567890123456789012";

    @ParameterizedTest
    @CsvSource({
        "00-12345678901234567890123456789012-1234567890123456-01,true",
        "00-12345678901234567890123456789012-1234567890123456-00,false",
        "cc-12345678901234567890123456789012-1234567890123456-01,true",
        "cc-12345678901234567890123456789012-1234567890123456-01-what-the-future-will-be-like,true",
        "00-12345678901234567890123456789012-1234567890123456-ff,true"
    })
    void validHeaderIsContinued(String header, boolean sampled) {
        TraceContext context = TraceContext.continued(header);

        assertThat(context.traceId()).isEqualTo(TRACE);
        assertThat(context.parentSpanId()).isEqualTo("1234567890123456");
        assertThat(context.spanId()).matches("[0-9a-f]{16}").isNotEqualTo("1234567890123456");
        assertThat(context.sampled()).isEqualTo(sampled);
        assertThat(context.traceparent()).isEqualTo("00-" + TRACE + "-" + context.spanId() + (sampled ? "-01" : "-00"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-1234567890123456-01",
                "00-12345678901234567890123456789012-0000000000000000-01",
                "ff-12345678901234567890123456789012-1234567890123456-01",
                "00-12345678901234567890123456789012-1234567890123456-01-more",
                "00-12345678901234567890123456789012-1234567890123456-01.",
                "cc-12345678901234567890123456789012-1234567890123456-01.what",
                "00-1234567890123456789012345678901-1234567890123456-01",
                "00-123456789012345678901234567890123-1234567890123456-01",
                "00-.2345678901234567890123456789012-1234567890123456-01",
                "00-12345678901234567890123456789012-.234567890123456-01",
                "00-ABCDEF78901234567890123456789012-1234567890123456-01",
                "00-12345678901234567890123456789012-1234567890123456-0G",
                ".0-12345678901234567890123456789012-1234567890123456-01",
                "00-12345678901234567890123456789012_1234567890123456-01"
            })
    void invalidHeaderIsNot(String header) {
        assertThat(TraceContext.continued(header)).isNull();
    }

    @Test
    void newTraceHasRandomIds() {
        TraceContext one = TraceContext.start(true);
        TraceContext other = TraceContext.start(false);

        assertThat(one.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(other.traceparent()).endsWith("-00");
        assertThat(one.traceId()).isNotEqualTo(other.traceId());
        assertThat(one.parentSpanId()).isNull();
        assertThat(TraceContext.continued(one.traceparent())).isNotNull();
    }
}
