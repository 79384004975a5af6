package dev.parley.billing.pdf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

class SheetTest {
    private static String read(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        }
    }

    @Test
    void namesInManyScriptsAndSignsOfCurrenciesArePrinted() throws IOException {
        byte[] pdf;
        try (Sheet sheet = new Sheet("t")) {
            pdf = sheet.heading("₹4,999.00 €12 £3")
                    .text("Zoë Müller, Łódź, Ελλάδα, Москва, नमन GmbH")
                    .text("unknown 漢 and control\u0007sign")
                    .bytes();
        }

        assertThat(read(pdf))
                .contains("₹4,999.00 €12 £3")
                .contains("Zoë Müller, Łódź, Ελλάδα, Москва, नमन GmbH")
                .contains("unknown □ and control sign");
        assertThat(pdf.length).as("only the used glyphs are embedded").isLessThan(120_000);
    }

    @Test
    void longTextIsBrokenAndLongDocumentsHavePages() throws IOException {
        byte[] pdf;
        try (Sheet sheet = new Sheet("t")) {
            sheet.text("word ".repeat(200)).text("x".repeat(400));
            for (int i = 0; i < 120; i++) {
                sheet.row(List.of(Sheet.Column.left(0.5), Sheet.Column.right(0.5)), i == 0, "row " + i, "₹" + i);
            }
            pdf = sheet.rule().bytes();
        }

        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isGreaterThan(2);
        }
        String text = read(pdf);
        assertThat(text).contains("row 119", "₹119");
        assertThat(text.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(160);
    }
}
