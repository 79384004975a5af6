package dev.parley.e2e.wall;

import dev.parley.e2e.wall.Attempt.Seen;
import dev.parley.testing.WallReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes down what was tried and seen, the same from run to run. */
record AttackReport(Contract contract, Household a, Strangers strangers, List<Seen> seen) {
    void write() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d operations, %d kinds of stranger, %d requests: no answer held a canary or an id of A that was not sent, and A was unchanged afterwards."
                        .formatted(contract.operations().size(), strangers.all().size(), seen.size()));
        lines.add("");
        lines.add("Tenant A owned something in each of: "
                + a.seededCollections().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")) + ".");
        lines.add("");
        lines.add("The rules, of which the first that fits counts:");
        Rules.sentences().forEach(sentence -> lines.add("- " + sentence));
        lines.add("");
        lines.add("| A stranger … | requests | answers |");
        lines.add("|---|---:|---|");
        Arrays.stream(Attack.values())
                .forEach(attack ->
                        row(lines, attack.what(), of(one -> one.attempt().call().attack() == attack)));
        lines.add("");
        lines.add("| Who | requests | answers |");
        lines.add("|---|---:|---|");
        seen.stream()
                .map(one -> one.attempt().call().caller().name())
                .distinct()
                .forEach(name -> row(
                        lines,
                        name,
                        of(one -> one.attempt().call().caller().name().equals(name))));
        lines.add("");
        lines.add("| Operation | open to | requests |");
        lines.add("|---|---|---:|");
        contract.operations()
                .forEach(operation -> lines.add("| `%s` | %s | %d |"
                        .formatted(
                                operation,
                                operation.isPublic()
                                        ? "everybody"
                                        : operation.roles().isEmpty()
                                                ? "everybody known"
                                                : String.join(", ", new TreeSet<>(operation.roles())),
                                of(one -> one.attempt().call().operation().equals(operation))
                                        .size())));
        WallReport.section("Attacks generated from the published contract", lines);
    }

    private List<Seen> of(java.util.function.Predicate<Seen> filter) {
        return seen.stream().filter(filter).toList();
    }

    private static void row(List<String> lines, String what, List<Seen> some) {
        Map<Integer, Long> statuses = some.stream()
                .map(one -> one.answer().status())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        lines.add("| %s | %d | %s |"
                .formatted(
                        what,
                        some.size(),
                        statuses.entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + entry.getValue())
                                .collect(Collectors.joining(", "))));
    }
}
