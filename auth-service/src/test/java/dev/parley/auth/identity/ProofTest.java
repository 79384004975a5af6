package dev.parley.auth.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.outbound.LoginMeans;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static final Instant MADE = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant LATER = MADE.plusSeconds(5);

    @Test
    void aFirstPasswordAloneIsThatOfThePersonWhoOpenedTheLink() {
        assertThat(proof(MADE.plusMillis(4_999))).isEqualTo(Proof.KEEPS_ALL);
    }

    @Test
    void aLaterPasswordCameByMail() {
        assertThat(proof(LATER)).isEqualTo(Proof.KEEPS_PASSWORD);
    }

    @Test
    void aProviderAloneIsANewcomers() {
        assertThat(proof(null, "google")).isEqualTo(Proof.KEEPS_ALL);
        assertThat(proof(null)).isEqualTo(Proof.KEEPS_ALL);
    }

    @Test
    void aProviderBesideAFirstPasswordIsTheOwners() {
        assertThat(proof(MADE, "google")).isEqualTo(Proof.KEEPS_LINK);
    }

    @Test
    void whatCouldBeAnybodysIsNobodys() {
        assertThat(proof(LATER, "google")).isEqualTo(Proof.KEEPS_NOTHING);
        assertThat(proof(MADE, "google", "apple")).isEqualTo(Proof.KEEPS_NOTHING);
        assertThat(proof(null, "google", "apple")).isEqualTo(Proof.KEEPS_NOTHING);
    }

    private static Proof proof(Instant passwordSetAt, String... providers) {
        return Proof.of(new LoginMeans(MADE, passwordSetAt, Set.of(providers)));
    }
}
