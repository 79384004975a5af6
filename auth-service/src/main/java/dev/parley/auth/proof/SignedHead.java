package dev.parley.auth.proof;

import java.time.Instant;

/**
 * The state of a trail at one moment, signed: whoever has it finds every later change of what was before.
 *
 * @param seq the last entry
 * @param hash its hash
 * @param jws the same facts as a compact JWS, ES256
 */
public record SignedHead(long seq, String hash, Instant signedAt, String jws) {}
