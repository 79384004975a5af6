package dev.parley.bench.engine;

/** One engine with the policy of a world. */
interface Judge {
    /** Whether it allows that. */
    boolean allows(Question question);

    /** The engine of that name: {@code parley}, {@code jcasbin} or {@code cedar}. */
    static Judge of(String engine, World world) {
        return switch (engine) {
            case "parley" -> new Parley(world);
            case "jcasbin" -> new Casbin(world);
            case "cedar" -> new Cedar(world);
            default -> throw new IllegalArgumentException(engine);
        };
    }
}
