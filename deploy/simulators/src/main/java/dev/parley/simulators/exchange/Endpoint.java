package dev.parley.simulators.exchange;

/** One vendor's side of the wire. */
public interface Endpoint {

    /** Answers the exchange, now or later, on the event loop. */
    void handle(Exchange exchange);

    /** The vendor's own error object for an injected fault's status. */
    Reply problem(Exchange exchange, Fault fault);

    /** Whether injected faults apply to this path; pages made for people are spared. */
    default boolean takesFaults(String path) {
        return true;
    }
}
