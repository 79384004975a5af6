package dev.parley.peers.killbill;

import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.webapp.WebAppContext;

/** Serves a war on loopback: the port and the war's path are its arguments. */
public final class KillBill {
    private KillBill() {}

    /** Returns when the server is stopped; ends with an error when the war cannot be started. */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        WebAppContext app = new WebAppContext(arguments[1], "/");
        app.setThrowUnavailableOnStartupException(true);
        server.setHandler(app);
        server.start();
        server.join();
    }
}
