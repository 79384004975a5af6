package dev.parley.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every storage of files promises. */
abstract class ObjectStoreTest {
    private static final int LARGE = 12 * 1024 * 1024 + 7;

    private final String tenant = UUID.randomUUID().toString();

    abstract ObjectStore store();

    @Test
    void whatWasWrittenIsRead() throws IOException {
        store().write(tenant + "/media/a", out -> out.write(new byte[] {1, 2, 3}));
        store().write(tenant + "/media/empty", out -> {});

        assertThat(read(tenant + "/media/a")).containsExactly(1, 2, 3);
        assertThat(read(tenant + "/media/empty")).isEmpty();
        assertThat(store().read(tenant + "/media/b")).isEmpty();
    }

    @Test
    void aLargeFileIsTheSame() throws IOException {
        byte[] large = new byte[LARGE];
        new Random(7).nextBytes(large);
        store().write(tenant + "/exports/large.jsonl", out -> {
            for (int from = 0; from < LARGE; from += 100_000) {
                out.write(large, from, Math.min(100_000, LARGE - from));
            }
        });

        assertThat(Arrays.equals(read(tenant + "/exports/large.jsonl"), large)).isTrue();
    }

    @Test
    void aFileReplacesTheOneBefore() throws IOException {
        store().write(tenant + "/media/a", out -> out.write(new byte[] {1, 2, 3}));
        store().write(tenant + "/media/a", out -> out.write(9));

        assertThat(read(tenant + "/media/a")).containsExactly(9);
    }

    @Test
    void ofWhatIsCutShortNothingIsKept() throws IOException {
        store().write(tenant + "/media/a", out -> out.write(1));

        assertThatThrownBy(() -> store().write(tenant + "/media/a", out -> {
                    out.write(new byte[100_000]);
                    throw new IllegalStateException("too long");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store().write(tenant + "/media/b", out -> {
                    out.write(2);
                    throw new IOException("cut");
                }))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(read(tenant + "/media/a")).containsExactly(1);
        assertThat(store().read(tenant + "/media/b")).isEmpty();
    }

    @Test
    void aFolderIsDeletedWithAllThatIsBelowItAndNothingBesideIt() throws IOException {
        for (String name : List.of("media/a", "media/b", "media/c/d", "mediation", "exports/x")) {
            store().write(tenant + "/" + name, out -> out.write(1));
        }

        assertThat(store().deleteAll(tenant + "/media/a")).isEqualTo(1);
        assertThat(store().deleteAll(tenant + "/media")).isEqualTo(2);
        assertThat(store().deleteAll(tenant + "/media")).isZero();
        assertThat(read(tenant + "/mediation")).containsExactly(1);
        assertThat(store().deleteAll(tenant)).isEqualTo(2);
        assertThat(store().read(tenant + "/exports/x")).isEmpty();
    }

    @Test
    void namesOfOlderFilesComeAThousandAtATime() {
        int many = 1_003;
        for (int i = 0; i < many; i++) {
            store().write(tenant + "/media/" + i, out -> out.write(1));
        }
        store().write(tenant + "/exports/x", out -> out.write(1));
        List<Integer> sizes = new ArrayList<>();
        List<String> names = new ArrayList<>();

        store().eachOlder(tenant + "/media", Instant.now().plusSeconds(60), page -> {
            sizes.add(page.size());
            names.addAll(page);
        });
        store().eachOlder(tenant + "/media", Instant.now().minusSeconds(3_600), names::addAll);

        assertThat(sizes).containsExactly(1_000, 3);
        assertThat(names).hasSize(many).doesNotHaveDuplicates().contains("0", "1002");
        assertThat(store().deleteAll(tenant)).isEqualTo(many + 1);
    }

    @Test
    void aKeyLeadsNowhereElse() {
        for (String key : List.of("", "x", "..", tenant + "/../x", tenant + "//x", "/" + tenant, tenant + "/.x")) {
            assertThatThrownBy(() -> store().write(key, out -> out.write(1)))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store().read(key)).as(key).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store().deleteAll(key)).as(key).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aGoodStorageHasNoFault() {
        assertThat(store().fault()).isEmpty();
        assertThat(store().fault()).isEmpty();
    }

    private byte[] read(String key) throws IOException {
        try (InputStream file = store().read(key).orElseThrow()) {
            return file.readAllBytes();
        }
    }
}
