package dev.parley.auth.signup;

import dev.parley.auth.identity.EmailAddress;
import java.time.Instant;

/** A sign-up that began and was not finished. */
record Signup(EmailAddress email, String name, String organization, Instant createdAt) {}
