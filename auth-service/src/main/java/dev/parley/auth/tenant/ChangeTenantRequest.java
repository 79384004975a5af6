package dev.parley.auth.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to change of one's tenant; what is left out stays.
 *
 * @param settings merged into the settings (RFC 7396): null removes a member
 * @param region one of the regions that Parley offers; for owners
 * @param retention days by kind of data, null keeps the kind for good; kinds that are left out stay; for owners
 */
public record ChangeTenantRequest(
        @Nullable @Size(min = 1, max = 200) @Pattern(regexp = ".*\\S.*", message = "must not be blank")
        String name,

        @Nullable ObjectNode settings,
        @Nullable String region,
        @Nullable @ValidRetention Map<String, @Nullable Integer> retention) {}
