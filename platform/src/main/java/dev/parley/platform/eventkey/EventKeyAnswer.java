package dev.parley.platform.eventkey;

/**
 * The answer of auth-service to a service that asks for a tenant's event key.
 *
 * @param keyset the Tink keyset, serialised
 */
public record EventKeyAnswer(byte[] keyset) {
    @Override
    public String toString() {
        return "EventKeyAnswer[keyset=***]";
    }
}
