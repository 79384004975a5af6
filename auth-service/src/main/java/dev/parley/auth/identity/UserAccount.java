package dev.parley.auth.identity;

import java.util.UUID;

/**
 * A person as all tenants see it.
 *
 * @param emailVerified whether the address is proven to be the person's own, as far as Parley was told
 */
public record UserAccount(UUID id, String email, String name, boolean emailVerified) {
    /** Whether a person's token says nothing new: the same address, and no proof of it that is not known. */
    public boolean agreesWith(ProvenPerson person) {
        return email.equals(person.email()) && (emailVerified || !person.emailVerified());
    }
}
