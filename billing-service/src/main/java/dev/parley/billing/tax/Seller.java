package dev.parley.billing.tax;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who sells, as it stands on an invoice. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record Seller(
        String name,
        List<String> address,
        String country,
        @Nullable String gstin,
        @Nullable String vatId) {}
