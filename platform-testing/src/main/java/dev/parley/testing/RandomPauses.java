package dev.parley.testing;

import io.agroal.api.AgroalPoolInterceptor;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.concurrent.ThreadLocalRandom;

/**
 * With {@code -Dparley.test.pauses=true} ({@code make pauses}) every third borrowing and every third return of a database
 * connection takes 20 to 200 ms longer, in a service under test and in the relay of its events. What only works because
 * the other side is usually quicker (a test that reads what follows an answer a moment later, code that looks and then
 * acts) fails then, and not once in a hundred runs on a loaded machine.
 */
@Singleton
public class RandomPauses {
    private static final boolean WANTED = Boolean.getBoolean("parley.test.pauses");

    @Produces
    @Singleton
    @Unremovable
    AgroalPoolInterceptor statements() {
        return new Pauser();
    }

    @Produces
    @Singleton
    @Unremovable
    @DataSource("relay")
    AgroalPoolInterceptor events() {
        return new Pauser();
    }

    /** Waits 20 to 200 ms in one of three calls when pauses are wanted; for what a test stands in for. */
    public static void pause() {
        ThreadLocalRandom chance = ThreadLocalRandom.current();
        if (!WANTED || chance.nextInt(3) > 0) {
            return;
        }
        try {
            Thread.sleep(chance.nextLong(20, 200));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Pauser implements AgroalPoolInterceptor {
        @Override
        public void onConnectionAcquire(Connection connection) {
            pause();
        }

        @Override
        public void onConnectionReturn(Connection connection) {
            pause();
        }
    }
}
