package dev.parley.gateway.edge;

import dev.parley.gateway.http.EdgeConfig;
import dev.parley.gateway.http.Names;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;

/** Finds the client's address: the peer, or what the trusted proxies in front of us have appended. */
@ApplicationScoped
class ClientAddress {
    private final int trustedProxies;

    ClientAddress(EdgeConfig config) {
        this.trustedProxies = config.trustedProxies();
    }

    /** The address; entries that the client itself wrote into X-Forwarded-For are never used. */
    String of(HttpServerRequest request) {
        var peer = request.remoteAddress();
        String address = peer == null || peer.hostAddress() == null ? "unknown" : peer.hostAddress();
        if (trustedProxies == 0) {
            return address;
        }
        String[] hops = String.join(",", request.headers().getAll(Names.X_FORWARDED_FOR))
                .split(",");
        int client = hops.length - trustedProxies;
        String hop = client >= 0 ? hops[client].strip() : "";
        return hop.isEmpty() ? address : hop;
    }

    /** Whether the request comes from this machine and through no proxy. */
    boolean local(HttpServerRequest request) {
        var peer = request.remoteAddress();
        return peer != null
                && peer.hostAddress() != null
                && (peer.hostAddress().startsWith("127.") || peer.hostAddress().equals("0:0:0:0:0:0:0:1"))
                && !request.headers().contains(Names.X_FORWARDED_FOR);
    }
}
