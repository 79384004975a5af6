package dev.parley.platform.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.problem.Problem;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last answers of a service, for a short time and so many: what people may still read while it is away. A service
 * that answers is always asked. Never for what costs anything.
 */
public final class LastAnswers<K, V> {
    private static final int AWAY = 503;

    private final Cache<K, V> answers;

    /** Remembers at most that many answers, each for that time. */
    public LastAnswers(Duration age, int most) {
        this.answers =
                Caffeine.newBuilder().expireAfterWrite(age).maximumSize(most).build();
    }

    /** The answer of now; the last one to that question when the service is away, or its problem when there is none. */
    public V ask(K question, Supplier<V> service) {
        try {
            V answer = service.get();
            answers.put(question, answer);
            return answer;
        } catch (Problem problem) {
            @Nullable V last = problem.type().status() == AWAY ? answers.getIfPresent(question) : null;
            if (last == null) {
                throw problem;
            }
            return last;
        }
    }
}
