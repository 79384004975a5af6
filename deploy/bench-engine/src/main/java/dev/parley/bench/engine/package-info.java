/** The policy engine in process, beside two policy libraries with an equal policy; run by {@code make bench ONLY=engine}. */
package dev.parley.bench.engine;
