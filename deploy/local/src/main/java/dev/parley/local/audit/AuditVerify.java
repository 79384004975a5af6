package dev.parley.local.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks an exported audit trail, by docs/guides/audit-trail.md and nothing else: it shares no code with the service that
 * wrote it and needs only a JDK, so an auditor can read it whole and run it anywhere: {@code java AuditVerify.java FILE}.
 */
public final class AuditVerify {
    private static final String GENESIS = "0".repeat(64);
    private static final List<String> ALWAYS = List.of(
            "previous_hash",
            "seq",
            "event_id",
            "at",
            "actor",
            "action",
            "resource_type",
            "resource_id",
            "before",
            "after",
            "reason",
            "operation_id");

    private static final Set<String> MEMBERS = Stream.concat(
                    ALWAYS.stream(), Stream.of("type", "ticket", "staff", "access_id", "hash"))
            .collect(Collectors.toUnmodifiableSet());

    private final List<String> faults = new ArrayList<>();
    private final Map<Long, String> hashes = new LinkedHashMap<>();
    private Map<String, Object> header = Map.of();
    private Map<String, Object> end = Map.of();
    private String previousHash = GENESIS;
    private long previousSeq;
    private long entries;
    private String verdict = "";

    private AuditVerify() {}

    /** Checks the file; exits with 0 when it is intact, 1 when it is not, 2 when it cannot be read. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        if (arguments.length < 1 || arguments.length > 2) {
            out.println("usage: java AuditVerify.java EXPORT.ndjson [KEYS.json]");
            System.exit(2);
        }
        AuditVerify check = of(Path.of(arguments[0]), arguments.length == 2 ? Path.of(arguments[1]) : null);
        check.faults.forEach(fault -> out.println("FAULT  " + fault));
        out.println(check.verdict);
        System.exit(check.isIntact() ? 0 : 1);
    }

    /**
     * Reads an export and says what is wrong with it.
     *
     * @param keys a JWK set from GET /api/v1/audit-log/keys, kept apart from the export; null trusts the keys in the file
     */
    public static AuditVerify of(Path export, Path keys) throws IOException {
        AuditVerify check = new AuditVerify();
        try (BufferedReader lines = Files.newBufferedReader(export, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                try {
                    check.take(number, object(Json.read(line)));
                } catch (IllegalArgumentException malformed) {
                    check.faults.add("line " + number + " is malformed: " + malformed.getMessage());
                }
            }
        } catch (java.nio.charset.CharacterCodingException broken) {
            check.faults.add("the file is not UTF-8");
        }
        check.judge(keys == null ? null : Files.readString(keys));
        return check;
    }

    /** Whether nothing is wrong. */
    public boolean isIntact() {
        return faults.isEmpty();
    }

    /** What is wrong, in words that name the entry. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** The result in one sentence. */
    public String verdict() {
        return verdict;
    }

    private void take(int number, Map<String, Object> line) {
        if (!end.isEmpty()) {
            faults.add("line " + number + " comes after the head");
        }
        switch (String.valueOf(line.get("type"))) {
            case "header" -> {
                if (number != 1) {
                    faults.add("line " + number + " is a second header");
                } else if (!"parley-audit/1".equals(line.get("format"))) {
                    faults.add("the format is not parley-audit/1");
                }
                header = line;
            }
            case "entry" -> entry(line);
            case "head" -> end = line;
            default -> faults.add("line " + number + " is neither header nor entry nor head");
        }
    }

    private void entry(Map<String, Object> entry) {
        entries++;
        if (!(entry.get("seq") instanceof Long seq) || !(entry.get("hash") instanceof String hash)) {
            faults.add("an entry after " + previousSeq + " has no place or no hash");
            return;
        }
        if (seq != previousSeq + 1) {
            faults.add("entry " + seq + " follows entry " + previousSeq);
        } else if (!previousHash.equals(entry.get("previous_hash"))) {
            faults.add("entry " + seq + " does not name the hash of the entry before it");
        }
        if (!hash.equals(hash(entry))) {
            faults.add("entry " + seq + " is not what was hashed");
        }
        if (!entry.keySet().equals(MEMBERS)) {
            faults.add("entry " + seq + " has other members than an entry has");
        }
        hashes.put(seq, hash);
        previousSeq = seq;
        previousHash = hash;
    }

    /** SHA-256 over the members in their order, as JSON without spaces. */
    private static String hash(Map<String, Object> entry) {
        StringBuilder text = new StringBuilder("{");
        for (String name : ALWAYS) {
            member(text, name, entry.get(name));
        }
        if (entry.get("ticket") != null) {
            member(text, "ticket", entry.get("ticket"));
        }
        if (!Boolean.FALSE.equals(entry.getOrDefault("staff", false))) {
            member(text, "staff", entry.get("staff"));
        }
        if (entry.get("access_id") != null) {
            member(text, "access_id", entry.get("access_id"));
        }
        try {
            byte[] bytes = text.append('}').toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void member(StringBuilder text, String name, Object value) {
        text.append(text.length() > 1 ? ",\"" : "\"").append(name).append("\":");
        if (value instanceof String string) {
            text.append('"');
            for (int i = 0; i < string.length(); i++) {
                escape(text, string.charAt(i));
            }
            text.append('"');
        } else {
            text.append(value);
        }
    }

    private static void escape(StringBuilder text, char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (c < ' ') {
                    text.append("\\u%04X".formatted((int) c));
                } else {
                    text.append(c);
                }
            }
        }
    }

    private void judge(String trustedKeys) {
        if (header.isEmpty()) {
            faults.add("there is no header");
        }
        if (end.isEmpty()) {
            faults.add("the export ends without its head: it was cut off");
        } else if (end.get("jws") instanceof String jws) {
            head(jws, trustedKeys == null ? object(header.getOrDefault("keys", Map.of())) : keys(trustedKeys));
        } else if (entries > 0) {
            faults.add("the trail has no signed head");
        }
        String trust = trustedKeys == null
                ? " The keys came with the file: compare them with GET /api/v1/audit-log/keys."
                : "";
        verdict = (faults.isEmpty() ? "INTACT  " : "NOT INTACT  ") + entries + " entries of tenant "
                + header.get("tenant_id") + verdict + "." + trust;
    }

    private Map<String, Object> keys(String text) {
        try {
            return object(Json.read(text));
        } catch (IllegalArgumentException malformed) {
            faults.add("the key file is malformed: " + malformed.getMessage());
            return Map.of();
        }
    }

    private void head(String jws, Map<String, Object> keys) {
        try {
            String[] parts = jws.split("\\.", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("it is no compact JWS");
            }
            Map<String, Object> protectedHeader = object(Json.read(text(parts[0])));
            Map<String, Object> claims = object(Json.read(text(parts[1])));
            if (!"ES256".equals(protectedHeader.get("alg"))
                    || !"parley-audit-head+jwt".equals(protectedHeader.get("typ"))
                    || !signed(parts, key(keys, protectedHeader.get("kid")))) {
                faults.add("the signature of the head is not valid");
            }
            if (!"parley-audit".equals(claims.get("iss"))
                    || !String.valueOf(header.get("tenant_id")).equals(claims.get("tenant_id"))) {
                faults.add("the head is of another trail");
            }
            long seq = (Long) claims.get("seq");
            String there = hashes.get(seq);
            if (there == null) {
                faults.add("the head is of entry " + seq + ", the export ends at " + previousSeq);
            } else if (!there.equals(claims.get("hash"))) {
                faults.add("entry " + seq + " is not the one that was signed: the trail was rewritten before it");
            }
            verdict = ", the first " + seq + " signed at " + Instant.ofEpochSecond((Long) claims.get("iat"));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException | GeneralSecurityException e) {
            faults.add("the head cannot be read: " + e.getMessage());
        }
    }

    private static boolean signed(String[] parts, Map<String, Object> key) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(key.get("x")), number(key.get("y")));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class))));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static Map<String, Object> key(Map<String, Object> keys, Object id) {
        for (Object key : (List<?>) keys.getOrDefault("keys", List.of())) {
            if (id != null && id.equals(object(key).get("kid"))) {
                return object(key);
            }
        }
        throw new IllegalArgumentException("no key has the id " + id);
    }

    private static BigInteger number(Object base64) {
        return new BigInteger(1, Base64.getUrlDecoder().decode((String) base64));
    }

    private static String text(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("not a JSON object");
    }

    /** As much of JSON as an export has: strict, and every member only once. */
    private static final class Json {
        private static final int DEEPEST = 32;

        private final String text;
        private int at;
        private int depth;

        private Json(String text) {
            this.text = text;
        }

        static Object read(String text) {
            Json json = new Json(text);
            Object value = json.value();
            json.space();
            if (json.at != text.length()) {
                throw json.malformed();
            }
            return value;
        }

        private Object value() {
            space();
            if (at >= text.length() || ++depth > DEEPEST) {
                throw malformed();
            }
            Object value =
                    switch (text.charAt(at)) {
                        case '{' -> object();
                        case '[' -> array();
                        case '"' -> string();
                        case 't' -> word("true", true);
                        case 'f' -> word("false", false);
                        case 'n' -> word("null", null);
                        default -> whole();
                    };
            depth--;
            return value;
        }

        private Map<String, Object> object() {
            Map<String, Object> members = new LinkedHashMap<>();
            at++;
            space();
            if (skip('}')) {
                return members;
            }
            do {
                space();
                String name = string();
                space();
                demand(':');
                if (members.containsKey(name)) {
                    throw malformed();
                }
                members.put(name, value());
                space();
            } while (skip(','));
            demand('}');
            return members;
        }

        private List<Object> array() {
            List<Object> items = new ArrayList<>();
            at++;
            space();
            if (skip(']')) {
                return items;
            }
            do {
                items.add(value());
                space();
            } while (skip(','));
            demand(']');
            return items;
        }

        private String string() {
            demand('"');
            StringBuilder value = new StringBuilder();
            while (true) {
                if (at >= text.length() || text.charAt(at) < ' ') {
                    throw malformed();
                }
                char c = text.charAt(at++);
                if (c == '"') {
                    return value.toString();
                }
                value.append(c == '\\' ? escaped() : c);
            }
        }

        private char escaped() {
            char c = at < text.length() ? text.charAt(at++) : ' ';
            switch (c) {
                case '"', '\\', '/':
                    return c;
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 't':
                    return '\t';
                case 'u':
                    if (at + 4 <= text.length()) {
                        at += 4;
                        return (char) HexFormat.fromHexDigits(text, at - 4, at);
                    }
                    throw malformed();
                default:
                    throw malformed();
            }
        }

        private Object word(String word, Object value) {
            if (!text.startsWith(word, at)) {
                throw malformed();
            }
            at += word.length();
            return value;
        }

        private Long whole() {
            int from = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || at == from && text.charAt(at) == '-')) {
                at++;
            }
            try {
                return Long.valueOf(text.substring(from, at));
            } catch (NumberFormatException noNumber) {
                throw malformed();
            }
        }

        private void space() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean skip(char c) {
            boolean found = at < text.length() && text.charAt(at) == c;
            if (found) {
                at++;
            }
            return found;
        }

        private void demand(char c) {
            if (!skip(c)) {
                throw malformed();
            }
        }

        private IllegalArgumentException malformed() {
            return new IllegalArgumentException("no JSON at character " + (at + 1));
        }
    }
}
