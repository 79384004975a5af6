package dev.parley.local.bench;

import dev.parley.local.bench.PasswordGuesses.Outcome;
import java.util.List;

/** Ten thousand guesses at one owner's password while the owner logs in from a known device now and then. */
final class GuessesFigure implements Figure {
    private static final int GUESSES = 10_000;
    private static final int SMOKE_GUESSES = 100;

    @Override
    public String name() {
        return "guesses";
    }

    @Override
    public String title() {
        return "10,000 guesses at a password";
    }

    @Override
    public List<Line> measure(Bed bed) throws InterruptedException {
        Outcome outcome =
                PasswordGuesses.against(bed.stack().gatewayUrl(), bed.effort().smoke() ? SMOKE_GUESSES : GUESSES);
        return List.of(
                new Line(
                        "guesses that were let in, of " + outcome.guesses(),
                        "",
                        Samples.of(outcome.succeeded()),
                        Goal.neverAbove(0)),
                new Line(
                        "logins of the owner from a known device that were refused, of " + outcome.ownersTries(),
                        "",
                        Samples.of(outcome.ownersTries() - outcome.ownerIn()),
                        Goal.neverAbove(0)),
                Line.plain(
                        "the right password from an unknown device at the end: refused (1) or let in (0)",
                        "",
                        Samples.of(outcome.strangersLocked() ? 1 : 0)),
                Line.plain("it took", "s", Samples.of(outcome.millis() / 1000.0)));
    }
}
