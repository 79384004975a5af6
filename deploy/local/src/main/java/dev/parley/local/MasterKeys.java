package dev.parley.local;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The program behind {@code make master-keys}: changes the file of a master keyset in the steps of a rotation. A key is
 * never shown, and the file is replaced as a whole or not at all.
 */
public final class MasterKeys {
    private static final int WRONG_USE = 2;

    private MasterKeys() {}

    /** Runs one step; ends with code 1 when it cannot be done and 2 when the command line makes no sense. */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        if (words.size() < 2) {
            System.err.println("usage: master-keys FILE list | add | promote NUMBER | remove NUMBER");
            System.exit(WRONG_USE);
        }
        try {
            System.out.print(run(Path.of(words.getFirst()), words.subList(1, words.size())));
        } catch (StackFailure failure) {
            System.err.println(failure.getMessage());
            System.exit(1);
        }
    }

    /** Does one step and says what the keyset is afterwards: a line for each key. */
    static String run(Path file, List<String> step) {
        try {
            AeadConfig.register();
            KeysetHandle before =
                    TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get());
            KeysetHandle after =
                    switch (step.getFirst()) {
                        case "list" -> before;
                        case "add" -> added(before);
                        case "promote" -> promoted(before, place(before, step));
                        case "remove" -> removed(before, place(before, step));
                        default -> throw new StackFailure("there is no step " + step.getFirst());
                    };
            if (after != before) {
                DataDirectory.writeSecret(
                        file, TinkJsonProtoKeysetFormat.serializeKeyset(after, InsecureSecretKeyAccess.get()));
            }
            return lines(after);
        } catch (IOException | GeneralSecurityException e) {
            throw new StackFailure(file + " cannot be read as a Tink keyset", e);
        }
    }

    private static KeysetHandle added(KeysetHandle keyset) throws GeneralSecurityException {
        return KeysetHandle.newBuilder(keyset)
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId())
                .build();
    }

    private static KeysetHandle promoted(KeysetHandle keyset, int place) throws GeneralSecurityException {
        KeysetHandle.Builder builder = KeysetHandle.newBuilder(keyset);
        builder.getAt(place).makePrimary();
        return builder.build();
    }

    private static KeysetHandle removed(KeysetHandle keyset, int place) throws GeneralSecurityException {
        if (keyset.getAt(place).isPrimary()) {
            throw new StackFailure("the primary key cannot be removed: promote another one first");
        }
        return KeysetHandle.newBuilder(keyset).deleteAt(place).build();
    }

    private static int place(KeysetHandle keyset, List<String> step) {
        String number = step.size() == 2 ? step.getLast() : "";
        return IntStream.range(0, keyset.size())
                .filter(i -> number(keyset, i).equals(number))
                .findFirst()
                .orElseThrow(() -> new StackFailure("there is no key " + number + "; there are\n" + lines(keyset)));
    }

    private static String lines(KeysetHandle keyset) {
        return IntStream.range(0, keyset.size())
                .mapToObj(i -> number(keyset, i) + (keyset.getAt(i).isPrimary() ? " primary\n" : " enabled\n"))
                .collect(Collectors.joining());
    }

    private static String number(KeysetHandle keyset, int place) {
        return Integer.toUnsignedString(keyset.getAt(place).getId());
    }
}
