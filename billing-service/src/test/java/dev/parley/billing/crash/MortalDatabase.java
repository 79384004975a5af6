package dev.parley.billing.crash;

import dev.parley.platform.data.Database;
import dev.parley.testing.MortalProcess;
import dev.parley.testing.PostgresServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The service's only door to the database, in a process that can die. */
@Alternative
@ApplicationScoped
public class MortalDatabase extends Database {
    static final MortalProcess PROCESS = new MortalProcess();

    private static final String OPTIONS = "?currentSchema=app&reWriteBatchedInserts=true&prepareThreshold=1"
            + "&options=-c%20statement_timeout=3s%20-c%20lock_timeout=2s";

    @Inject
    MortalDatabase(@ConfigProperty(name = "quarkus.datasource.jdbc.url") String url) {
        super(
                PROCESS.source(url + OPTIONS, PostgresServer.APP, PostgresServer.PASSWORD),
                PROCESS.source(url + OPTIONS, PostgresServer.RELAY, PostgresServer.PASSWORD),
                PROCESS.source(url + OPTIONS, PostgresServer.ERASER, PostgresServer.PASSWORD));
    }

    /** Not for use: CDI needs it for the client proxy. */
    protected MortalDatabase() {}
}
