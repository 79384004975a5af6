package dev.parley.simulators.llm;

/** Writes JSON strings into text; the answers are assembled as text because they are part of benchmarks. */
final class JsonText {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    static StringBuilder quote(StringBuilder out, String text) {
        return quote(out, text, 0, text.length());
    }

    static StringBuilder quote(StringBuilder out, String text, int start, int end) {
        out.append('"');
        for (int i = start; i < end; i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                out.append('\\').append(character);
            } else if (character < ' ') {
                out.append("\\u00").append(HEX[character >> 4]).append(HEX[character & 15]);
            } else {
                out.append(character);
            }
        }
        return out.append('"');
    }
}
