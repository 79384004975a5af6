package dev.parley.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics that exist from the start: those of deploy/kafka/topics. */
record Topics(List<NewTopic> topics) {
    private static final short ONE_REPLICA = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COLUMNS = 3;
    private static final String COMPACT = "compact";
    // So long an old record that somebody writes again does not push out the newer one.
    private static final String COMPACTED_AFTER =
            Long.toString(Duration.ofDays(30).toMillis());

    /** Reads lines of {@code topic partitions days}, or {@code compact} for days; {@code #} starts a comment. */
    static Topics read(Path file) {
        List<NewTopic> topics = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String text = line.replaceFirst("#.*", "").trim();
                if (text.isEmpty()) {
                    continue;
                }
                String[] columns = text.split("\\s+");
                if (columns.length != COLUMNS) {
                    throw new StackFailure("%s: not three columns: %s".formatted(file, line));
                }
                topics.add(topic(columns[0], Integer.parseInt(columns[1]), columns[2]));
            }
        } catch (IOException e) {
            throw new StackFailure(file + " cannot be read", e);
        } catch (NumberFormatException e) {
            throw new StackFailure(
                    file + ": partitions and days are whole numbers, or compact for days: " + e.getMessage(), e);
        }
        return new Topics(List.copyOf(topics));
    }

    /** Makes the topics that the broker lacks, waiting up to a minute for it to answer. */
    void ensure(String bootstrapServers) {
        Properties settings = new Properties();
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "200");
        settings.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, "50");
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
        try (Admin admin = Admin.create(settings)) {
            Set<String> known = admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !known.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Kafka: interrupted while making topics", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new StackFailure("Kafka: the topics cannot be made: " + e.getMessage(), e);
        }
    }

    private static NewTopic topic(String name, int partitions, String keeping) {
        Map<String, String> settings = keeping.equals(COMPACT)
                ? Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", COMPACTED_AFTER)
                : Map.of(
                        "retention.ms",
                        Long.toString(Duration.ofDays(Long.parseLong(keeping)).toMillis()));
        return new NewTopic(name, Optional.of(partitions), Optional.of(ONE_REPLICA)).configs(settings);
    }
}
