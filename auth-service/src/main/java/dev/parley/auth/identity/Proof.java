package dev.parley.auth.identity;

import dev.parley.auth.outbound.LoginMeans;

/**
 * What an account keeps at the moment when its address turns out to be proven. Whoever had the account until then may
 * not be the address's owner.
 */
public enum Proof {
    /** The link in the mail, opened by the person that made the account, or a newcomer by an identity provider: all. */
    KEEPS_ALL,
    /** A new password by mail: that password, and nothing else. */
    KEEPS_PASSWORD,
    /** An identity provider, linked to an account with its first password: the link. */
    KEEPS_LINK,
    /** Several of these, so that nobody can tell what is whose: nothing; a new password comes by mail. */
    KEEPS_NOTHING;

    /** Judges by what Keycloak lets the person in with. */
    public static Proof of(LoginMeans means) {
        int links = means.providers().size();
        if (means.passwordSetAt() == null) {
            return links <= 1 ? KEEPS_ALL : KEEPS_NOTHING;
        }
        if (links == 0) {
            return means.hasFirstPassword() ? KEEPS_ALL : KEEPS_PASSWORD;
        }
        return links == 1 && means.hasFirstPassword() ? KEEPS_LINK : KEEPS_NOTHING;
    }
}
