package dev.parley.platform.event;

import dev.parley.platform.data.Database;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Starts the consumers of a service with it and ends them in order. */
@ApplicationScoped
class EventConsumers {
    private static final Logger LOG = Logger.getLogger(EventConsumers.class);

    private final List<EventConsumer> consumers;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private final Database database;
    private final String bootstrap;
    private final boolean enabled;
    private final List<Runnable> loops = new ArrayList<>();
    private final List<Runnable> closing = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();

    EventConsumers(
            @All List<EventConsumer> consumers,
            KafkaSettings settings,
            EventCodec codec,
            Database database,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
            @ConfigProperty(name = "parley.events.enabled", defaultValue = "true") boolean enabled) {
        this.consumers = consumers;
        this.settings = settings;
        this.codec = codec;
        this.database = database;
        this.bootstrap = bootstrap;
        this.enabled = enabled;
    }

    void start(@Observes StartupEvent event) {
        if (!enabled || consumers.isEmpty()) {
            return;
        }
        DeadLetters deadLetters = null;
        for (EventConsumer consumer : consumers) {
            if (consumer instanceof BroadcastEventConsumer broadcast) {
                BroadcastLoop loop = new BroadcastLoop(broadcast, settings, codec);
                loops.add(loop::stop);
                startThread(loop, consumer.group());
                continue;
            }
            if (deadLetters == null) {
                KafkaProducer<String, byte[]> producer = settings.producer();
                closing.add(producer::close);
                deadLetters = new DeadLetters(producer, bootstrap);
            }
            GroupLoop loop = new GroupLoop(consumer, settings, codec, deadLetters, database, handlers);
            loops.add(loop::stop);
            startThread(loop, consumer.group());
        }
    }

    private void startThread(Runnable loop, String name) {
        threads.add(Thread.ofPlatform().daemon().name("events-" + name).start(loop));
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        loops.forEach(Runnable::run);
        for (Thread thread : threads) {
            if (!thread.join(java.time.Duration.ofSeconds(5))) {
                LOG.warnf("%s did not end in time", thread.getName());
            }
        }
        closing.forEach(Runnable::run);
        handlers.shutdown();
    }
}
