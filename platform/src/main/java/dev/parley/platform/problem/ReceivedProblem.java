package dev.parley.platform.problem;

import java.net.URI;

/** The type of a problem that another service answered, passed on as it is. */
public record ReceivedProblem(String name, int status, String title, URI type) implements ProblemType {}
