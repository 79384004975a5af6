package dev.parley.auth.member;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** What a member may do in its tenant; each role includes those after it. */
public enum Role {
    /** Everything, also to make and unmake owners. */
    OWNER,
    /** Manages members, keys and settings. */
    ADMIN,
    /** Uses the product. */
    MEMBER;

    /** The words as a pattern, for validation. */
    public static final String WORDS = "owner|admin|member";

    /** The word used in JSON, in tokens and in the database. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a word; throws {@link IllegalArgumentException} for any other. */
    public static Role of(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("owner, admin or member"));
    }

    /** This role and those it includes, as words, the highest first. */
    public Set<String> withIncluded() {
        Set<String> words = new LinkedHashSet<>();
        Arrays.stream(values()).filter(role -> role.compareTo(this) >= 0).forEach(role -> words.add(role.word()));
        return words;
    }

    /** What its people may do with services that go by scopes, as API keys do. */
    public Set<String> scopes() {
        return this == MEMBER ? Set.of("chat", "read") : Set.of("chat", "read", "write");
    }
}
