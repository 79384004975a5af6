package dev.parley.agent.run;

import dev.parley.agent.prompt.ActivePrompt;
import dev.parley.agent.provider.LlmRequest;

/** What a run will ask, and by which prompt version. */
record RunPlan(ActivePrompt prompt, LlmRequest ask) {}
