package dev.parley.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How to run one process: its command, what is added to the caller's environment, and its folder. */
record ProcessSpec(List<String> command, Map<String, String> environment, Path directory) {}
