package dev.parley.channel.adapter;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An answer that a customer can choose.
 *
 * @param payload what comes back when it is chosen; the customer does not see it
 * @param title what the customer sees
 */
public record Button(String payload, String title) {
    /** What can be chosen, as lines: for channels without buttons. */
    public static String numbered(List<Button> buttons) {
        return IntStream.range(0, buttons.size())
                .mapToObj(i -> (i + 1) + ". " + buttons.get(i).title())
                .collect(Collectors.joining("\n"));
    }
}
