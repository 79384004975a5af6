package dev.parley.local;

import java.util.Set;

/** How to bring up one kind of part. */
interface StackPart {
    Part part();

    /** The parts that must be ready before this one starts. */
    Set<Part> needs();

    /** Brings about what must be on disk before the process starts. */
    void prepare();

    /** The process itself. */
    ProcessSpec process();

    /** Whether it answers; asked again and again, so it is quick and never throws for a part that is still starting. */
    boolean answers();

    /** Puts into the running part what the others count on, such as databases, topics, the realm. */
    void provision();
}
