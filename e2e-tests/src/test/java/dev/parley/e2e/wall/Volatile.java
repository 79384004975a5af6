package dev.parley.e2e.wall;

/** What differs between two equal answers. */
final class Volatile {
    private Volatile() {}

    /** The text without times, signatures, and the operation that a problem was answered to. */
    static String hidden(String text) {
        return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)", "<time>")
                .replaceAll(
                        "(\"type\":\"https://parley.dev/problems/.*)\"operation_id\":\"[^\"]*\"",
                        "$1\"operation_id\":\"<id>\"")
                .replaceAll("\"signature\":\"[^\"]*\"", "\"signature\":\"<signature>\"")
                .replaceAll("\"last_[a-z_]+\":(null|\"<time>\")", "\"last_…\":\"<time>\"");
    }

    /** The text without ids of any kind either. */
    static String withoutIds(String text) {
        return Household.UUIDS.matcher(hidden(text)).replaceAll("<id>");
    }
}
