package dev.parley.policy.entitlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.policy.engine.Overage;
import dev.parley.policy.engine.PolicyCase;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionChangedTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{status: unheard_of}",
                "{status: active, entitlement: {rates: {message: {credits: -1, per: 1}}}}",
                "{status: active, entitlement: {rates: {message: {credits: 1, per: 0}}}}",
                "{status: active, entitlement: {rates: {message: {credits: 1000001, per: 1}}}}",
                "{status: active, entitlement: {quotas: {tasks: -1}}}",
                "{status: active, entitlement: {overage: {mode: generous, cap: 5}}}",
                "{status: active, entitlement: {overage: {mode: charge_up_to_cap, cap: -5}}}"
            })
    void termsThatMakeNoSenseAreRefused(String yaml) {
        Throwable refusal = catchThrowable(() -> CompiledTerms.of(read(yaml), false));

        assertThat(Stream.iterate(refusal, Objects::nonNull, Throwable::getCause)
                        .toList()
                        .getLast())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCapBesideBlockMeansNothing() throws Exception {
        SubscriptionChanged change = read("{status: active, plan: p, entitlement: {overage: {mode: block, cap: 5}}}");

        assertThat(CompiledTerms.of(change, false).overage()).isEqualTo(Overage.NONE);
    }

    private static SubscriptionChanged read(String yaml) {
        try {
            return PolicyCase.YAML.readValue(yaml, SubscriptionChanged.class);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
