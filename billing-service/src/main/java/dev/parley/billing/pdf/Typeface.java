package dev.parley.billing.pdf;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/** A font with others that step in for the characters that it lacks; what none of them has becomes a white square. */
final class Typeface {
    private static final int EM = 1_000;
    private static final String UNKNOWN = "□";

    private final List<Face> faces;

    private record Face(PDFont font, CmapLookup glyphs) {}

    /** Text that one font can print. */
    record Run(PDFont font, String text) {}

    private Typeface(List<Face> faces) {
        this.faces = faces;
    }

    /** Embeds fonts, of which only the used glyphs are written. */
    static Typeface embed(PDDocument document, String... names) throws IOException {
        List<Face> faces = new ArrayList<>();
        for (String name : names) {
            try (InputStream file =
                    Objects.requireNonNull(Typeface.class.getResourceAsStream("/fonts/" + name + ".ttf"), name)) {
                TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(file));
                faces.add(new Face(PDType0Font.load(document, font, true), font.getUnicodeCmapLookup()));
            }
        }
        return new Typeface(faces);
    }

    /** Splits a text into runs; control characters become blanks. */
    List<Run> runs(String text) {
        List<Run> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        Face current = faces.getFirst();
        for (int codePoint : text.codePoints().toArray()) {
            int shown = Character.isISOControl(codePoint) ? ' ' : codePoint;
            Face face = faceOf(shown, current);
            if (face != current && !run.isEmpty()) {
                runs.add(new Run(current.font(), run.toString()));
                run.setLength(0);
            }
            current = face;
            if (has(face, shown)) {
                run.appendCodePoint(shown);
            } else {
                run.append(UNKNOWN);
            }
        }
        if (!run.isEmpty()) {
            runs.add(new Run(current.font(), run.toString()));
        }
        return runs;
    }

    /** The width of a text in that size. */
    float width(String text, float size) throws IOException {
        float width = 0;
        for (Run run : runs(text)) {
            width += run.font().getStringWidth(run.text()) / EM * size;
        }
        return width;
    }

    private Face faceOf(int codePoint, Face current) {
        // A blank or a mark stays with the word that it stands in.
        if (!Character.isLetterOrDigit(codePoint) && has(current, codePoint)) {
            return current;
        }
        return faces.stream().filter(face -> has(face, codePoint)).findFirst().orElse(faces.getFirst());
    }

    private static boolean has(Face face, int codePoint) {
        return face.glyphs().getGlyphId(codePoint) != 0;
    }
}
