package dev.parley.local.bench;

import java.util.List;

/** One promise of how good Parley is, and how to measure it. */
interface Figure {
    /** What {@code make bench ONLY=} calls it. */
    String name();

    /** What it is about, in one line. */
    String title();

    /** Measures it on this stack; takes minutes. */
    List<Line> measure(Bed bed) throws Exception;
}
