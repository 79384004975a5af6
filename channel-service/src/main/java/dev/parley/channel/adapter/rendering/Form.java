package dev.parley.channel.adapter.rendering;

import dev.parley.channel.adapter.Mark;
import java.util.Comparator;
import java.util.List;

/** What a channel makes of the looks of words. */
public enum Form {
    /** Nothing: words alone. */
    WORDS {
        @Override
        MarkedText written(MarkedText text, int longest) {
            return MarkedText.of(text.text());
        }
    },
    /** Signs of its own among the words, as WhatsApp has them. */
    SIGNS {
        @Override
        MarkedText written(MarkedText text, int longest) {
            String signed = Signs.among(text);
            boolean hopeless = signed.length() > longest && text.text().length() <= Math.max(1, longest / MOST_SIGNS);
            return MarkedText.of(hopeless ? text.text() : signed);
        }
    },
    /** Marks beside the words, as Telegram takes them. */
    MARKS {
        @Override
        MarkedText written(MarkedText text, int longest) {
            return text.marks().size() <= MOST_MARKS ? text : new MarkedText(text.text(), foremost(text.marks()));
        }
    };

    /** Telegram leaves out what is more. */
    private static final int MOST_MARKS = 100;
    /** A text that many times shorter than a message is not halved any more for its signs. */
    private static final int MOST_SIGNS = 16;

    /**
     * The text as it is sent.
     *
     * @param longest the most UTF-16 units that it should have; it has more when it has to be cut first
     */
    abstract MarkedText written(MarkedText text, int longest);

    /** Whether words can have an address behind them, so that it need not stand beside them. */
    boolean hidesAddresses() {
        return this == MARKS;
    }

    /** What carries an address comes before what only looks different. */
    private static List<Mark> foremost(List<Mark> marks) {
        return marks.stream()
                .sorted(Comparator.comparing((Mark mark) -> mark.kind() != Mark.Kind.LINK))
                .limit(MOST_MARKS)
                .toList();
    }
}
