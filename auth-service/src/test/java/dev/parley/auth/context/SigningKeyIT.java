package dev.parley.auth.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import dev.parley.platform.data.Database;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class SigningKeyIT {
    @Inject
    Database database;

    @Inject
    SigningKeyRepository keys;

    @Inject
    ContextConfig config;

    /** Keys of a far time must not become those of the application, whose verifiers have not heard of them. */
    @BeforeEach
    void keepTheKeys() {
        Story.sql("create table public.kept_signing_key as table app.signing_key");
    }

    @AfterEach
    void bringTheKeysBack() {
        Story.sql("with gone as (delete from app.signing_key where id not in (select id from public.kept_signing_key))"
                + " insert into app.signing_key table public.kept_signing_key on conflict do nothing");
        Story.sql("drop table public.kept_signing_key");
    }

    private SigningKeyService at(Instant now) {
        return new SigningKeyService(database, keys, config, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void replicasThatRotateAtOnceAgreeOnOneNextKeyAndOldTokensStayValid() throws Exception {
        Story.exchange("bearer", Story.newcomer().accessToken(), null).then().statusCode(200);
        Instant now = Instant.now();
        String first = at(now).ring().signing(now).getKeyId();
        Instant later = now.plus(config.keyLifetime());

        List<Future<KeyRing>> rotations = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                rotations.add(threads.submit(() -> at(later).rotate()));
            }
        }

        Set<String> published = new HashSet<>();
        for (Future<KeyRing> rotation : rotations) {
            published.add(rotation.get().published(later));
            assertThat(rotation.get().signing(later).getKeyId()).isEqualTo(first);
        }
        assertThat(published).singleElement().asString().contains(first);
        assertThat(Story.sql("select count(*) from app.signing_key")).isEqualTo("2");
        assertThat(published.iterator().next()).doesNotContain("\"d\"");

        Instant muchLater =
                later.plus(config.keyOverlap()).plus(config.keyOverlap()).plus(Duration.ofSeconds(1));
        KeyRing after = at(muchLater).rotate();
        assertThat(after.keys()).hasSize(1);
        assertThat(after.signing(muchLater).getKeyId()).isNotEqualTo(first);
    }

    @Test
    void privateKeysAreEncryptedInTheDatabase() {
        Story.exchange("bearer", Story.newcomer().accessToken(), null).then().statusCode(200);
        KeyRing ring = at(Instant.now()).ring();
        String secret = String.valueOf(ring.keys()
                .getFirst()
                .pair()
                .toParams(org.jose4j.jwk.JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE)
                .get("d"));

        assertThat(secret).hasSizeGreaterThan(40);
        assertThat(Story.tablesContaining(secret)).isEmpty();
        assertThat(Story.sql("select max(position(cast('\"d\"' as bytea) in private_key)) from app.signing_key"))
                .isEqualTo("0");
    }
}
