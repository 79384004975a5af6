package dev.parley.agent.prompt.split;

/** An average, and how sure that is: the normal interval around it, good for the dozens of cases that a guard waits for. */
record Mean(long count, double sum, double squares) {
    double value() {
        return count == 0 ? 0 : sum / count;
    }

    /** The average is at least this, as surely as z says. */
    double lower(double z) {
        return value() - z * error();
    }

    /** The average is at most this, as surely as z says. */
    double upper(double z) {
        return value() + z * error();
    }

    private double error() {
        if (count < 2) {
            return count == 0 ? 0 : Double.POSITIVE_INFINITY;
        }
        double variance = Math.max(0, (squares - sum * sum / count) / (count - 1));
        return Math.sqrt(variance / count);
    }
}
