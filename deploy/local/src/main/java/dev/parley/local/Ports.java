package dev.parley.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Where each part listens: its base port plus one offset.
 *
 * @param offset added to every port, 0 or more
 */
public record Ports(int offset) {
    private static final int HIGHEST = 65535;

    /** Refuses an offset that moves a port below 1 or above 65535. */
    public Ports {
        for (Part part : Part.values()) {
            for (int base : part.basePorts()) {
                if (offset < 0 || base + offset > HIGHEST) {
                    throw new IllegalArgumentException("PARLEY_PORT_OFFSET=%d moves %s's port %d out of range"
                            .formatted(offset, part.label(), base));
                }
            }
        }
    }

    /** The port that clients of a part use. */
    public int of(Part part) {
        return part.basePorts().getFirst() + offset;
    }

    /** Every port a part listens on. */
    List<Integer> allOf(Part part) {
        return part.basePorts().stream().map(base -> base + offset).toList();
    }

    /** One sentence per port that is taken already, naming the port and the part that wants it; empty when all are free. */
    List<String> taken(Collection<Part> parts) {
        List<String> taken = new ArrayList<>();
        for (Part part : parts) {
            for (int port : allOf(part)) {
                if (!free(port)) {
                    taken.add("port %d, wanted by %s, is taken by another program".formatted(port, part.label()));
                }
            }
        }
        return taken;
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
