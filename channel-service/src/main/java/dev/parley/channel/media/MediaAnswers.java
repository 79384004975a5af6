package dev.parley.channel.media;

import dev.parley.channel.media.MediaService.Content;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.util.UUID;

/** Bytes as answers: never as a page that a browser would run. */
final class MediaAnswers {
    private MediaAnswers() {}

    /** The answer with these bytes. */
    static Response of(Content content, UUID id) {
        String disposition = content.mediaType().startsWith("image/") ? "inline" : "attachment";
        StreamingOutput bytes = out -> {
            try (InputStream file = content.bytes()) {
                file.transferTo(out);
            }
        };
        return Response.ok(bytes, content.mediaType())
                .header("Content-Length", content.length())
                .header("Content-Disposition", disposition + "; filename=\"" + id + "\"")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .header("Cache-Control", "private, max-age=31536000, immutable")
                .build();
    }
}
