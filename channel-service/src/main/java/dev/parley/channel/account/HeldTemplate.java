package dev.parley.channel.account;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A template without places, approved by the messenger, that asks a customer to write again: an answer waits for it.
 *
 * @param name empty for none
 * @param language as the messenger writes it, such as {@code en_US}
 */
public record HeldTemplate(
        @NotNull @Size(max = 512) @Pattern(regexp = "[a-z0-9_]*", message = "must be a template's name")
        String name,

        @NotNull
        @Size(max = 15)
        @Pattern(regexp = "([A-Za-z]{2,3}(_[A-Za-z0-9]{2,8})?)?", message = "must be like en_US")
        String language) {
    boolean isNone() {
        return name.isEmpty();
    }
}
