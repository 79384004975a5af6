package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Stack;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The official clients of messengers judge the simulators that our adapters are tried with. */
@Order(32)
class MessengerJudgesE2E {
    @Test
    void officialClientsTakeTheSimulatorsForTheVendors() throws Exception {
        String verdict = Judges.run(
                "messengers.mjs",
                Map.of(
                        "SIMULATORS",
                        Stack.running().simulatorsUrl(),
                        "ACCOUNT",
                        "AC" + "%032x".formatted(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE)),
                        "NUMBER",
                        "+15550001111",
                        "BOT_TOKEN",
                        ThreadLocalRandom.current().nextInt(100_000, 999_999) + ":AAE2Ejudged-by-grammy-abc"));

        assertThat(verdict.lines().toList().getLast()).isEqualTo("""
                {"updates":[["text","Hello"],["photo","my cat"],["edited","Hello!"],["pressed","a:1"]],"tooLong":400,\
                "signed":[true,true,true,false],"forged":true}\
                """);
    }
}
