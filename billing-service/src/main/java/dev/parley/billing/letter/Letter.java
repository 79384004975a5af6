package dev.parley.billing.letter;

import dev.parley.platform.mail.Mail;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A mail as people read it: a salutation, paragraphs and a signature, once as text and once as HTML. Everything in it is
 * data, never markup.
 */
public final class Letter {
    private final String brand;
    private final String salutation;
    private final List<Part> parts;
    private final String signature;

    /** The brand stands above the HTML, the signature below it; the text is signed by whichever there is. */
    private Letter(String brand, String salutation, List<Part> parts, String signature) {
        this.brand = brand;
        this.salutation = salutation;
        this.parts = parts;
        this.signature = signature;
    }

    /** A piece of a letter. */
    public sealed interface Part {}

    private record Paragraph(String text) implements Part {}

    private record Link(String what, String address) implements Part {}

    /** A letter from us. */
    public static Letter fromUs(String name, Part... parts) {
        return new Letter("Parley", "Hello " + oneLine(name) + ",", List.of(parts), "");
    }

    /** A letter that a tenant sends to its customer. */
    public static Letter from(String sender, String name, Part... parts) {
        return new Letter("", "Dear " + oneLine(name) + ",", List.of(parts), sender);
    }

    /** A paragraph. */
    public static Part says(String text) {
        return new Paragraph(text);
    }

    /** A link that says where it leads; the text shows its address. */
    public static Part leads(String what, String address) {
        return new Link(what, address);
    }

    /** The letter as a mail with files. */
    public Mail to(String address, String subject, Mail.Attachment... files) {
        return new Mail(address, subject, text(), html(subject), List.of(files));
    }

    private String text() {
        String body = parts.stream()
                .map(part -> switch (part) {
                    case Paragraph paragraph -> oneLine(paragraph.text()) + "\n\n";
                    case Link link -> link.what() + ":\n" + link.address() + "\n\n";
                })
                .collect(Collectors.joining());
        return salutation + "\n\n" + body + oneLine(signature.isEmpty() ? brand : signature) + "\n";
    }

    private String html(String subject) {
        String body = parts.stream()
                .map(part -> switch (part) {
                    case Paragraph paragraph -> "<p>" + escaped(paragraph.text()) + "</p>\n";
                    case Link link ->
                        "<p><a href=\"" + escaped(link.address()) + "\">" + escaped(link.what()) + "</a></p>\n";
                })
                .collect(Collectors.joining());
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <meta name="color-scheme" content="light dark"><title>%s</title></head>
                <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 520px; margin: 32px auto; padding: 0 16px">
                %s<p>%s</p>
                %s%s</body></html>
                """.formatted(
                        escaped(subject),
                        brand.isEmpty() ? "" : "<p><strong>" + escaped(brand) + "</strong></p>\n",
                        escaped(salutation),
                        body,
                        signature.isEmpty() ? "" : "<p>" + escaped(signature) + "</p>\n");
    }

    /** A name as one line: control characters become blanks. */
    public static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private static String escaped(String text) {
        return oneLine(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
