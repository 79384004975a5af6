package dev.parley.bench.engine;

import java.util.UUID;

/** May this tenant let this agent work on this channel? */
record Question(UUID tenant, String agent, String channel) {}
