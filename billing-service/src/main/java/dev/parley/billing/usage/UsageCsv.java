package dev.parley.billing.usage;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the usage log as CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before
 * it.
 */
final class UsageCsv {
    private static final List<String> HEADER =
            List.of("usage_id", "operation_id", "at", "agent", "channel", "meter", "quantity", "credits", "estimated");
    private static final String FORMULA_STARTS = "=+-@\t\r\n";

    private final Writer out;

    UsageCsv(OutputStream out) throws IOException {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        row(HEADER);
    }

    void write(UsageLine line) throws IOException {
        row(List.of(
                line.usageId(),
                line.operationId().toString(),
                line.at().toString(),
                line.agent(),
                line.channel(),
                line.meter(),
                Long.toString(line.quantity()),
                Long.toString(line.credits()),
                Boolean.toString(line.estimated())));
    }

    /** Hands on what was written so far. */
    void flush() throws IOException {
        out.flush();
    }

    private void row(List<String> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            out.write(i == 0 ? "" : ",");
            out.write(cell(cells.get(i)));
        }
        out.write("\r\n");
    }

    static String cell(String text) {
        String safe = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain =
                safe.chars().noneMatch(letter -> letter == ',' || letter == '"' || letter == '\n' || letter == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
