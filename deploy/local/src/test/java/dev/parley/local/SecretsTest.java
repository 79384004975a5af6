package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path folder;

    @Test
    void secretIsMadeOnceAndKept() {
        DataDirectory data = new DataDirectory(folder);
        String first = new Secrets(data).get("service.gateway");

        assertThat(first).matches("[A-Za-z0-9]{32}");
        assertThat(new Secrets(data).get("service.gateway")).isEqualTo(first);
        assertThat(new Secrets(data).get("service.auth-service")).isNotEqualTo(first);
    }

    @Test
    void onlyTheOwnerReadsThem() throws Exception {
        DataDirectory data = new DataDirectory(folder);
        Secrets secrets = new Secrets(data);
        secrets.get("service.gateway");
        Path keyset = secrets.masterKeyset();

        for (Path file : new Path[] {data.secrets(), keyset}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void masterKeysetEncryptsAndStaysTheSame() throws Exception {
        DataDirectory data = new DataDirectory(folder);
        String keyset = Files.readString(new Secrets(data).masterKeyset());
        Aead aead = TinkJsonProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get())
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
        byte[] row = "tenant|table|column|row".getBytes(StandardCharsets.UTF_8);

        byte[] sealed = aead.encrypt("key".getBytes(StandardCharsets.UTF_8), row);

        assertThat(aead.decrypt(sealed, row)).asString(StandardCharsets.UTF_8).isEqualTo("key");
        assertThat(Files.readString(new Secrets(data).masterKeyset())).isEqualTo(keyset);
    }
}
