package dev.parley.agent.provider;

import java.util.Set;
import java.util.function.Consumer;

/**
 * One kind of LLM provider. Implementations are application-scoped beans, one package each, found by CDI under their
 * {@link #kind()}; they keep no state of a request and may be called from many virtual threads.
 */
public interface LlmProvider {
    /** The kind as written in a provider's record: {@code openai}, {@code anthropic}, {@code demo}. */
    String kind();

    /** The types of files, beside pictures, that models of this kind read where the provider's record declares none. */
    default Set<String> reads() {
        return Set.of();
    }

    /**
     * Asks for a whole reply and blocks until it is there.
     *
     * @throws LlmFailure when the provider refuses, breaks off, or does not answer in time; nothing may be metered then
     */
    LlmReply complete(LlmEndpoint endpoint, LlmRequest request);

    /**
     * Asks for a reply in pieces and blocks until its end. The pieces, in order, make up the text of the reply.
     *
     * @param delta takes each piece as it arrives, possibly on an event loop: it must not block
     * @throws LlmFailure as {@link #complete}; also when the stream ends without saying why (a cut)
     */
    LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta);
}
