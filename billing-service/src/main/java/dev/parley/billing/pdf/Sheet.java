package dev.parley.billing.pdf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/** Prints text from top to bottom on as many A4 pages as it takes. */
public final class Sheet implements AutoCloseable {
    private static final float MARGIN = 56;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float LEADING = 1.4f;
    private static final float SIZE = 9.5f;

    private final PDDocument document = new PDDocument();
    private final Typeface regular;
    private final Typeface bold;
    private PDPageContentStream page;
    private float y;

    /**
     * A cell's place in a row.
     *
     * @param share of the width, all of a row together at most 1
     */
    public record Column(float share, boolean right) {
        /** A column whose texts begin at its left. */
        public static Column left(double share) {
            return new Column((float) share, false);
        }

        /** A column whose texts end at its right. */
        public static Column right(double share) {
            return new Column((float) share, true);
        }
    }

    /** Begins a document with that title. */
    public Sheet(String title) {
        try {
            document.getDocumentInformation().setTitle(title);
            document.getDocumentInformation().setProducer("Parley");
            regular = Typeface.embed(document, "DejaVuSans", "NotoSansDevanagari");
            bold = Typeface.embed(document, "DejaVuSans-Bold", "NotoSansDevanagari");
            page = turn();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints a large line. */
    public Sheet heading(String text) {
        return print(text, bold, 18);
    }

    /** Prints a line in bold. */
    public Sheet strong(String text) {
        return print(text, bold, SIZE);
    }

    /** Prints a paragraph, broken into lines where it is too wide. */
    public Sheet text(String text) {
        return print(text, regular, SIZE);
    }

    /** Leaves some lines blank. */
    public Sheet gap(double lines) {
        y -= (float) lines * SIZE * LEADING;
        return this;
    }

    /** Draws a line from margin to margin. */
    public Sheet rule() {
        try {
            room(SIZE);
            page.setLineWidth(0.5f);
            page.moveTo(MARGIN, y);
            page.lineTo(MARGIN + WIDTH, y);
            page.stroke();
            y -= SIZE * 0.6f;
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints a row of cells, each broken into lines within its column. */
    public Sheet row(List<Column> columns, boolean strong, String... cells) {
        Typeface face = strong ? bold : regular;
        try {
            List<List<String>> broken = new ArrayList<>();
            int lines = 1;
            for (int i = 0; i < cells.length; i++) {
                broken.add(broken(cells[i], face, SIZE, columns.get(i).share() * WIDTH - 4));
                lines = Math.max(lines, broken.getLast().size());
            }
            for (int line = 0; line < lines; line++) {
                room(SIZE * LEADING);
                y -= SIZE * LEADING;
                float x = MARGIN;
                for (int i = 0; i < cells.length; i++) {
                    float width = columns.get(i).share() * WIDTH;
                    if (line < broken.get(i).size()) {
                        String text = broken.get(i).get(line);
                        float indent = columns.get(i).right() ? width - face.width(text, SIZE) : 0;
                        show(text, face, SIZE, x + indent);
                    }
                    x += width;
                }
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the document and returns it as a file. */
    public byte[] bytes() {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            page.close();
            document.save(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            document.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Sheet print(String text, Typeface face, float size) {
        try {
            for (String line : broken(text, face, size, WIDTH)) {
                room(size * LEADING);
                y -= size * LEADING;
                show(line, face, size, MARGIN);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void show(String text, Typeface face, float size, float x) throws IOException {
        page.beginText();
        page.newLineAtOffset(x, y);
        for (Typeface.Run run : face.runs(text)) {
            page.setFont(run.font(), size);
            page.showText(run.text());
        }
        page.endText();
    }

    /** Breaks at blanks, and within words that are wider than the line. */
    private static List<String> broken(String text, Typeface face, float size, float width) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            String rest = word;
            while (face.width(rest, size) > width) {
                int fits = rest.length() - 1;
                while (fits > 1 && face.width(rest.substring(0, fits), size) > width) {
                    fits--;
                }
                if (!line.isEmpty()) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                lines.add(rest.substring(0, fits));
                rest = rest.substring(fits);
            }
            String longer = line.isEmpty() ? rest : line + " " + rest;
            if (face.width(longer, size) > width) {
                lines.add(line.toString());
                line = new StringBuilder(rest);
            } else {
                line = new StringBuilder(longer);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    private void room(float height) throws IOException {
        if (y - height < MARGIN) {
            page.close();
            page = turn();
        }
    }

    private PDPageContentStream turn() throws IOException {
        PDPage next = new PDPage(PDRectangle.A4);
        document.addPage(next);
        y = PDRectangle.A4.getHeight() - MARGIN;
        return new PDPageContentStream(document, next);
    }
}
