package dev.parley.local.bench;

/**
 * One line of the table.
 *
 * @param what what was measured
 * @param unit of the samples
 * @param samples one per round
 * @param goal what they must reach
 * @param doubt why there is no verdict, or null
 */
record Line(String what, String unit, Samples samples, Goal goal, String doubt) {
    private static final double DRIFT = 1.5;

    Line(String what, String unit, Samples samples, Goal goal) {
        this(what, unit, samples, goal, null);
    }

    /** A figure that no goal belongs to. */
    static Line plain(String what, String unit, Samples samples) {
        return new Line(what, unit, samples, Goal.NONE);
    }

    /** Something that cannot be measured here, and why. */
    static Line missing(String what, String why) {
        return new Line(what, "", Samples.of(), Goal.NONE, why);
    }

    /** The same without a verdict when the control of its run was not steady enough to judge by. */
    Line judgedBy(Samples control) {
        return control.spread() <= DRIFT
                ? this
                : new Line(
                        what,
                        unit,
                        samples,
                        goal,
                        "no verdict: the control drifted by " + Goal.number(control.spread()));
    }

    String verdict() {
        if (doubt != null) {
            return doubt;
        }
        if (goal.kind() == Goal.Kind.NONE) {
            return "";
        }
        boolean reached = goal.reachedBy(samples);
        boolean whole = goal.reachedBy(samples.min()) == reached && goal.reachedBy(samples.max()) == reached;
        return (reached ? "reached" : "MISSED") + (whole ? "" : " (some rounds not so)");
    }

    @Override
    public String toString() {
        return samples.sorted().length == 0
                ? "  %-72s %s".formatted(what, verdict())
                : "  %-72s %9s %9s %9s  %-7s %-10s %s"
                        .formatted(
                                what,
                                Goal.number(samples.median()),
                                Goal.number(samples.min()),
                                Goal.number(samples.max()),
                                unit,
                                goal.text(),
                                verdict());
    }
}
