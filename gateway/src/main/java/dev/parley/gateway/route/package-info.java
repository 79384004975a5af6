/** Which service serves a path, and the streaming of requests and answers between client and service. */
package dev.parley.gateway.route;
