package dev.parley.channel.adapter.rendering;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes a table's rows as lines: of two columns as "cell: cell", of more as "cell - title: cell, title: cell". Cells
 * without words are left out.
 */
final class TableWriter {
    private static final int PAIR = 2;

    private final Page page;
    private final List<String> titles = new ArrayList<>();
    private boolean head = true;
    private boolean written;
    private boolean inCell;
    private int row;
    private int column;
    private int filled;
    private boolean named;
    private int before;
    private int content;

    TableWriter(Page page) {
        this.page = page;
    }

    void row() {
        if (written) {
            page.newLine();
        }
        row = page.here();
        written = true;
        column = 0;
        filled = 0;
        named = false;
    }

    void openCell() {
        before = page.here();
        page.write(joint());
        content = page.here();
        inCell = true;
    }

    void closeCell() {
        inCell = false;
        String words = page.since(content);
        if (head) {
            titles.add(words);
        }
        if (words.isBlank()) {
            page.cut(before);
        } else {
            named |= column == 0;
            filled++;
        }
        column++;
    }

    /** With rows below, titles of more than two columns stand there. */
    void closeHead(boolean rowsBelow) {
        head = false;
        if (titles.size() > PAIR && rowsBelow) {
            page.cut(row);
            written = false;
        }
    }

    /** Whether what is written now belongs to a cell, which is one line. */
    boolean inCell() {
        return inCell;
    }

    private String joint() {
        if (head || titles.size() <= PAIR) {
            return filled == 0 ? "" : ": ";
        }
        boolean titled =
                column > 0 && column < titles.size() && !titles.get(column).isBlank();
        String title = titled ? titles.get(column) + ": " : "";
        return filled == 0 ? title : filled == 1 && named ? " - " + title : ", " + title;
    }
}
