package dev.parley.channel.adapter.email;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer goes, and what makes it part of a thread: mail programs go by the ids and by the subject.
 *
 * @param to the address
 * @param thread the thread's own name, which our ids carry: whatever a program keeps of the ids, it is found again
 * @param messageId the mail that is answered
 * @param references the ids before it, oldest first
 */
record MailThread(String to, String thread, String subject, String messageId, List<String> references) {
    private static final int MOST_REFERENCES = 20;
    private static final int LONGEST_SUBJECT = 300;
    private static final Pattern ID = Pattern.compile("<[^<>\\s]{1,200}>");
    private static final Pattern OURS =
            Pattern.compile("<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.([0-9a-f]{32})@");
    private static final Pattern OUR_ID = Pattern.compile(OURS.pattern() + "[^<>\\s]{1,253}>");
    /** What programs set before the subject of what they answer or pass on. */
    private static final Pattern MARKS =
            Pattern.compile("(?i)^(?:(?:re|aw|sv|antw|rv|odp|fwd?|wg|tr)(?:\\[[0-9]{1,3}\\])?\\s*+:\\s*+)++");

    private static final Pattern REPLY = Pattern.compile("(?i)^(re|aw|sv|antw|rv|odp)\\s*:.*");

    /**
     * The thread of a mail.
     *
     * @param to who is answered
     * @param messageId the mail's own id, or something like it
     * @param before the headers References and In-Reply-To
     */
    static MailThread of(String to, String subject, String messageId, String before) {
        List<String> references = ids(before);
        String root = references.isEmpty() ? root(subject, messageId) : references.getFirst();
        Matcher ours = OURS.matcher(before);
        String thread = ours.find() ? ours.group(2) : digest(root);
        int from = Math.max(0, references.size() - MOST_REFERENCES);
        return new MailThread(
                to,
                thread,
                subject.length() > LONGEST_SUBJECT ? subject.substring(0, LONGEST_SUBJECT) : subject,
                messageId,
                List.copyOf(references.subList(from, references.size())));
    }

    /** An answer that does not name what it answers is in one thread with those of the same subject. */
    private static String root(String subject, String messageId) {
        Matcher marks = MARKS.matcher(subject);
        return marks.find() ? "subject:" + subject.substring(marks.end()).toLowerCase(Locale.ROOT) : messageId;
    }

    private static List<String> ids(String text) {
        Set<String> ids = new LinkedHashSet<>();
        for (Matcher id = ID.matcher(text); id.find(); ) {
            ids.add(id.group());
        }
        return List.copyOf(ids);
    }

    /** The name of the conversation: somebody else who answers in the same thread has one of their own. */
    String key(String who) {
        return thread + ":" + who;
    }

    /** The id of an answer in this thread. */
    String answerId(UUID reference, String domain) {
        return "<" + reference + "." + thread + "@" + domain + ">";
    }

    /** The ids before an answer. */
    String answerReferences() {
        List<String> all = new ArrayList<>(references);
        all.add(messageId);
        return String.join(" ", all);
    }

    /** The subject of an answer. */
    String answerSubject() {
        return REPLY.matcher(subject).matches() ? subject : ("Re: " + subject).strip();
    }

    /** The send that a mail of ours was, by what a report says of it; null when it says nothing of ours. */
    static @Nullable UUID reference(String report) {
        Matcher ours = OURS.matcher(report);
        return ours.find() ? UUID.fromString(ours.group(1)) : null;
    }

    /** Our id of that mail, as it was sent. */
    static @Nullable String ourId(String report) {
        Matcher ours = OUR_ID.matcher(report);
        return ours.find() ? ours.group() : null;
    }

    /** As it is kept with the conversation. */
    String written(ObjectMapper json) {
        try {
            return json.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts are always serializable", impossible);
        }
    }

    /** As it was kept. */
    static MailThread read(String written, ObjectMapper json) {
        try {
            return json.readValue(written, MailThread.class);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("not a thread of mails", malformed);
        }
    }

    static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static String digest(byte[] bytes) {
        return Sha256.hex(bytes).substring(0, 32);
    }
}
