/** The test kit of every service: real PostgreSQL roles, a real Kafka broker, tokens, isolation and architecture rules. */
package dev.parley.testing;
