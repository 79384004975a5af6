package dev.parley.simulators;

import java.time.Clock;

/** Starts the simulators and runs until the process is told to end. */
public final class Simulators {

    private Simulators() {}

    /** Takes no arguments; the settings come from the environment. */
    public static void main(String[] arguments) {
        System.setProperty("vertx.disableDnsResolver", "true");
        SimulatorServer server;
        try {
            server = SimulatorServer.start(Settings.from(System.getenv()), Clock.systemUTC());
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            System.getLogger("simulators").log(System.Logger.Level.ERROR, wrong.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "close-simulators"));
        System.getLogger("simulators")
                .log(
                        System.Logger.Level.INFO,
                        "Simulators are ready on http://127.0.0.1:{0}",
                        Integer.toString(server.port()));
    }
}
