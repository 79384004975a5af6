package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeysTest {
    private static final byte[] PLACE = "tenant_data_key|tenant".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void create() {
        file = new Secrets(new DataDirectory(folder)).masterKeyset();
    }

    @Test
    void inBothStepsOldAndNewFilesReadWhatTheOtherWrote() throws Exception {
        // Given
        String first = number(run("list"), 0);
        Aead before = aead();

        // When
        String afterAdding = run("add");
        Aead added = aead();
        String second = number(afterAdding, 1);
        String afterPromoting = run("promote", second);
        Aead promoted = aead();

        // Then
        assertThat(afterAdding).isEqualTo(first + " primary\n" + second + " enabled\n");
        assertThat(afterPromoting).isEqualTo(first + " enabled\n" + second + " primary\n");
        assertThat(before.decrypt(added.encrypt(new byte[] {1}, PLACE), PLACE)).containsExactly(1);
        assertThat(added.decrypt(promoted.encrypt(new byte[] {2}, PLACE), PLACE))
                .containsExactly(2);
        assertThat(promoted.decrypt(before.encrypt(new byte[] {3}, PLACE), PLACE))
                .containsExactly(3);
        assertThat(run("remove", first)).isEqualTo(second + " primary\n");
        assertThat(aead().decrypt(promoted.encrypt(new byte[] {4}, PLACE), PLACE))
                .containsExactly(4);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void thePrimaryKeyStaysAndSoDoesAFileWithAMistakenStep() throws Exception {
        String before = Files.readString(file);
        String only = number(run("list"), 0);

        assertThatThrownBy(() -> run("remove", only))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining("the primary key cannot be removed");
        assertThatThrownBy(() -> run("promote", "17")).hasMessageContaining("there is no key 17; there are\n" + only);
        assertThatThrownBy(() -> run("promote")).hasMessageContaining("there is no key ;");
        assertThatThrownBy(() -> run("rotate")).hasMessage("there is no step rotate");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    private String run(String... step) {
        return MasterKeys.run(file, List.of(step));
    }

    private Aead aead() throws Exception {
        return TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get())
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
    }

    private static String number(String lines, int line) {
        return lines.lines().toList().get(line).split(" ")[0];
    }
}
