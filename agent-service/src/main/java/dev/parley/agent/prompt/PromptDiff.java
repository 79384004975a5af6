package dev.parley.agent.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What differs between two prompt versions.
 *
 * @param text a unified diff of the system prompts, three lines of context; empty when they are equal
 * @param changes the parameters that differ
 */
public record PromptDiff(int from, int to, String text, List<Change> changes) {
    private static final int CONTEXT = 3;
    private static final long MAX_TABLE = 4_000_000;

    /** A parameter's values in the two versions. */
    public record Change(String field, Object from, Object to) {}

    /** Compares two versions. */
    static PromptDiff between(PromptVersion from, PromptVersion to) {
        List<Change> changes = new ArrayList<>();
        compare(changes, "provider", from.provider(), to.provider());
        compare(changes, "model", from.model(), to.model());
        compare(changes, "temperature", from.temperature(), to.temperature());
        compare(changes, "max_tokens", from.maxTokens(), to.maxTokens());
        compare(changes, "variables", from.variables(), to.variables());
        String text =
                unified("version " + from.number(), "version " + to.number(), from.systemPrompt(), to.systemPrompt());
        return new PromptDiff(from.number(), to.number(), text, changes);
    }

    private static void compare(List<Change> changes, String field, Object from, Object to) {
        if (!Objects.equals(from, to)) {
            changes.add(new Change(field, from, to));
        }
    }

    /** The unified diff of two texts by lines; empty when they are equal. */
    static String unified(String fromName, String toName, String from, String to) {
        if (from.equals(to)) {
            return "";
        }
        List<Edit> edits = edits(lines(from), lines(to));
        StringBuilder out = new StringBuilder()
                .append("--- ")
                .append(fromName)
                .append('\n')
                .append("+++ ")
                .append(toName)
                .append('\n');
        int at = 0;
        while (at < edits.size()) {
            while (at < edits.size() && edits.get(at).mark() == ' ') {
                at++;
            }
            if (at == edits.size()) {
                break;
            }
            int start = Math.max(0, at - CONTEXT);
            int end = at;
            int quiet = 0;
            for (int i = at; i < edits.size() && quiet <= 2 * CONTEXT; i++) {
                if (edits.get(i).mark() == ' ') {
                    quiet++;
                } else {
                    quiet = 0;
                    end = i + 1;
                }
            }
            end = Math.min(edits.size(), end + CONTEXT);
            hunk(out, edits, start, end);
            at = end;
        }
        return out.toString();
    }

    private static void hunk(StringBuilder out, List<Edit> edits, int start, int end) {
        int fromStart = 1;
        int toStart = 1;
        for (Edit edit : edits.subList(0, start)) {
            fromStart += edit.mark() == '+' ? 0 : 1;
            toStart += edit.mark() == '-' ? 0 : 1;
        }
        List<Edit> shown = edits.subList(start, end);
        long fromLines = shown.stream().filter(edit -> edit.mark() != '+').count();
        long toLines = shown.stream().filter(edit -> edit.mark() != '-').count();
        out.append("@@ -")
                .append(fromLines == 0 ? fromStart - 1 : fromStart)
                .append(',')
                .append(fromLines);
        out.append(" +")
                .append(toLines == 0 ? toStart - 1 : toStart)
                .append(',')
                .append(toLines)
                .append(" @@\n");
        shown.forEach(edit -> out.append(edit.mark()).append(edit.line()).append('\n'));
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\R", -1));
    }

    private record Edit(char mark, String line) {}

    /** The longest common subsequence decides; texts too large for its table count as replaced as a whole. */
    private static List<Edit> edits(List<String> from, List<String> to) {
        int prefix = 0;
        int shorter = Math.min(from.size(), to.size());
        while (prefix < shorter && from.get(prefix).equals(to.get(prefix))) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < shorter - prefix && from.get(from.size() - 1 - suffix).equals(to.get(to.size() - 1 - suffix))) {
            suffix++;
        }
        List<Edit> edits = new ArrayList<>(from.size() + to.size());
        from.subList(0, prefix).forEach(line -> edits.add(new Edit(' ', line)));
        middle(edits, from.subList(prefix, from.size() - suffix), to.subList(prefix, to.size() - suffix));
        from.subList(from.size() - suffix, from.size()).forEach(line -> edits.add(new Edit(' ', line)));
        return edits;
    }

    private static void middle(List<Edit> edits, List<String> from, List<String> to) {
        int rows = from.size();
        int columns = to.size();
        if ((long) rows * columns > MAX_TABLE) {
            from.forEach(line -> edits.add(new Edit('-', line)));
            to.forEach(line -> edits.add(new Edit('+', line)));
            return;
        }
        int[][] common = new int[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                common[i][j] = from.get(i).equals(to.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            if (i < rows && j < columns && from.get(i).equals(to.get(j))) {
                edits.add(new Edit(' ', from.get(i)));
                i++;
                j++;
            } else if (i < rows && (j == columns || common[i + 1][j] >= common[i][j + 1])) {
                edits.add(new Edit('-', from.get(i++)));
            } else {
                edits.add(new Edit('+', to.get(j++)));
            }
        }
    }
}
