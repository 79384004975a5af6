package dev.parley.local.bench;

import dev.parley.local.Folders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The program behind {@code make bench}: measures the figures that are asked for (all when none is named), on a stack of
 * its own if they need one, prints them as one table, and stops what it started.
 */
public final class Bench {
    private static final int WRONG_USE = 2;
    private static final Logger KAFKA_CLIENT = Logger.getLogger("org.apache.kafka");
    private static final List<Figure> FIGURES = List.of(
            // Those that need no stack come first: it starts when the first figure asks for it.
            new EngineFigure(),
            new CrossingFigure(),
            new ContextFigure(),
            new RevocationFigure(),
            new RowSecurityFigure(),
            new TenantsFigure(),
            new GatewayFigure(),
            new ChatFigure(),
            new PolicyFigure(),
            new WebhookFigure(),
            new WebhooksOutFigure(),
            new CerbosFigure(),
            new CompletionFigure(),
            new StreamsFigure(),
            new MessengerFigure(),
            new IngestFigure(),
            new KillBillFigure(),
            new GuessesFigure());

    private Bench() {}

    /** Runs the figures named on the command line. */
    public static void main(String[] arguments) throws Exception {
        KAFKA_CLIENT.setLevel(Level.SEVERE);
        Set<String> wanted = Set.of(arguments);
        List<Figure> figures = FIGURES.stream()
                .filter(figure -> wanted.isEmpty() || wanted.contains(figure.name()))
                .toList();
        if (figures.size() < wanted.size() || figures.isEmpty()) {
            System.err.println("figures: "
                    + String.join(" ", FIGURES.stream().map(Figure::name).toList()));
            System.exit(WRONG_USE);
        }
        Effort effort = Effort.fromProperties();
        if (effort.smoke()) {
            System.out.println("Too short for verdicts: this only shows that it works.");
        }
        Map<Figure, List<Line>> table = new LinkedHashMap<>();
        Path data = Path.of(System.getProperty("data", "deploy/local/target/bench"));
        // What an earlier run left would be worked on while this one measures: ledgers to close, events to read.
        Folders.delete(data);
        try (Bed bed = new Bed(data, Integer.getInteger("offset", Bed.OFFSET), effort)) {
            for (Figure figure : figures) {
                System.err.println("measuring " + figure.name() + ": " + figure.title() + " ...");
                table.put(figure, measured(figure, bed));
                print(figure, table.get(figure));
            }
        }
        if (table.size() > 1) {
            System.out.printf("%n== all of it ==%n");
            table.forEach(Bench::print);
        }
        System.exit(0);
    }

    /** A figure that breaks says so in its place, and the others are measured all the same. */
    private static List<Line> measured(Figure figure, Bed bed) {
        try {
            return new ArrayList<>(figure.measure(bed));
        } catch (Exception broken) {
            broken.printStackTrace();
            return List.of(Line.missing(figure.name(), "not measured: " + broken));
        }
    }

    private static void print(Figure figure, List<Line> lines) {
        System.out.printf(
                "%n%-74s %9s %9s %9s  %-7s %-10s %s%n",
                figure.name() + ": " + figure.title(), "median", "min", "max", "unit", "goal", "verdict");
        lines.forEach(System.out::println);
    }
}
