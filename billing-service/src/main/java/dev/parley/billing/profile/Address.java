package dev.parley.billing.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody is.
 *
 * @param state in India the state, as {@code KA}, {@code IN-KA} or its GST code {@code 29}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record Address(
        @NotBlank @Size(max = 200) String line1,
        @Nullable @Size(max = 200) String line2,
        @NotBlank @Size(max = 100) String city,
        @Nullable @Size(max = 100) String state,
        @Nullable @Size(max = 20) String postalCode) {

    /** The address as it is printed, without the country. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line1);
        if (line2 != null && !line2.isBlank()) {
            lines.add(line2);
        }
        lines.add(String.join(" ", postalCode == null ? "" : postalCode, city, state == null ? "" : "(" + state + ")")
                .strip());
        return lines;
    }
}
