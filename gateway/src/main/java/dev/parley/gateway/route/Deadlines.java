package dev.parley.gateway.route;

import java.util.ArrayList;
import java.util.List;

/**
 * Ends what takes too long on one event loop. A sweep over the open requests ten times a second costs less than a timer
 * for each, and moving a deadline costs nothing.
 */
final class Deadlines {
    static final long SWEEP_MILLIS = 100;

    private final List<Deadline> open = new ArrayList<>();

    void add(Deadline deadline) {
        deadline.position = open.size();
        open.add(deadline);
    }

    void remove(Deadline deadline) {
        int position = deadline.position;
        if (position < 0) {
            return;
        }
        Deadline last = open.removeLast();
        if (last != deadline) {
            open.set(position, last);
            last.position = position;
        }
        deadline.position = -1;
    }

    void sweep(long now) {
        // Backwards, because an expired deadline removes itself and puts the last one in its place.
        for (int i = open.size() - 1; i >= 0; i--) {
            if (i < open.size()) {
                Deadline deadline = open.get(i);
                if (now - deadline.at > 0) {
                    remove(deadline);
                    deadline.expired();
                }
            }
        }
    }

    int size() {
        return open.size();
    }

    /** Something that must be over at a time on the clock of {@link System#nanoTime()}. */
    abstract static class Deadline {
        private int position = -1;
        private long at;

        final void at(long nanoTime) {
            this.at = nanoTime;
        }

        abstract void expired();
    }
}
