package dev.parley.auth.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KeycloakNamesTest {
    @Test
    void theLastWordIsTheLastName() {
        assertThat(KeycloakClient.names("Asha Devi Rao"))
                .isEqualTo(Map.of("firstName", "Asha Devi", "lastName", "Rao"));
    }

    @Test
    void oneWordIsAFirstName() {
        assertThat(KeycloakClient.names("Asha")).isEqualTo(Map.of("firstName", "Asha"));
    }

    @Test
    void signsOfMarkUpAreLeftOut() {
        assertThat(KeycloakClient.names("<b>R&D\u0000 Team</b>"))
                .isEqualTo(Map.of("firstName", "b R D Team", "lastName", "b"));
    }
}
