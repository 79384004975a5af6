package dev.parley.agent.prompt.split;

/** Figures as people read them. */
public record FiguresView(
        Figures counted,
        double failureRate,
        double refusalRate,
        double handoffRate,
        double unresolvedRate,
        double tokensPerReply,
        double creditsPerReply) {
    /** Figures with what follows from them. */
    public static FiguresView of(Figures figures) {
        return new FiguresView(
                figures,
                figures.failureRate().value(),
                figures.refusalRate().value(),
                figures.handoffRate().value(),
                figures.unresolvedRate().value(),
                figures.tokensPerReply().value(),
                figures.creditsPerReply().value());
    }
}
