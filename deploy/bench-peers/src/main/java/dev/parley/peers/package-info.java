/** The peer of the gateway's benchmark: Spring Cloud Gateway as its makers mean it to be used. */
package dev.parley.peers;
