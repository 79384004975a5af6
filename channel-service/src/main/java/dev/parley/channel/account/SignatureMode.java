package dev.parley.channel.account;

import java.util.Locale;

/** What becomes of a webhook call whose signature is wrong. */
enum SignatureMode {
    /** A message in it is taken and counted. For the days in which an account moves here from elsewhere: it ends then. */
    OBSERVE,
    /** It is refused. */
    ENFORCE;

    static SignatureMode read(String written) {
        return valueOf(written.toUpperCase(Locale.ROOT));
    }

    String written() {
        return name().toLowerCase(Locale.ROOT);
    }
}
