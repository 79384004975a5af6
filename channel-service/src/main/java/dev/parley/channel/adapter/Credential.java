package dev.parley.channel.adapter;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Something that people type to connect an account.
 *
 * @param name its name among the credentials
 * @param label what people call it
 * @param about what it looks like or where it is found; null when the label says it all
 * @param secret whether it is hidden while it is typed
 * @param required whether the account cannot be without it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Credential(
        String name, String label, @Nullable String about, boolean secret, boolean required) {
    /** One that others may know. */
    public static Credential open(String name, String label, String about) {
        return new Credential(name, label, about, false, true);
    }

    /** One that is kept from everybody. */
    public static Credential secret(String name, String label, @Nullable String about) {
        return new Credential(name, label, about, true, true);
    }

    /** The same, where one can do without it. */
    public Credential optional() {
        return new Credential(name, label, about, secret, false);
    }
}
