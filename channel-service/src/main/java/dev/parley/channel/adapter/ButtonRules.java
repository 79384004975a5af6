package dev.parley.channel.adapter;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which buttons stand under one message of a channel.
 *
 * @param most how many; zero when the channel has none, and what can be chosen are numbered lines
 * @param title UTF-16 units on a button
 * @param payload bytes of UTF-8 behind a button
 */
public record ButtonRules(int most, int title, int payload) {
    /** No buttons. */
    public static final ButtonRules NONE = new ButtonRules(0, 0, 0);

    /** Whether the channel has buttons. */
    public boolean any() {
        return most > 0;
    }

    /** Whether these can be shown as buttons, and told from each other when one is pressed. */
    public boolean show(List<Button> wanted) {
        return wanted.size() <= most
                && wanted.stream().map(Button::title).distinct().count() == wanted.size()
                && wanted.stream().allMatch(this::shows);
    }

    private boolean shows(Button button) {
        return !button.title().isBlank() && !button.payload().isEmpty() && fitsTitle(button) && fitsPayload(button);
    }

    /** Whether what the customer sees is short enough. */
    public boolean fitsTitle(Button button) {
        return button.title().length() <= title;
    }

    /** Whether what comes back is short enough. */
    public boolean fitsPayload(Button button) {
        return button.payload().getBytes(StandardCharsets.UTF_8).length <= payload;
    }
}
