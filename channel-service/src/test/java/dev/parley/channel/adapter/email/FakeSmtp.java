package dev.parley.channel.adapter.email;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An SMTP server on this machine that takes the password "right" and remembers its mails. */
public final class FakeSmtp implements AutoCloseable {
    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    /** Starts the server on a free port. */
    public FakeSmtp() {
        this(plain());
    }

    /** One that speaks TLS when it is asked to. */
    FakeSmtp(SSLContext tls) {
        this(plain(), tls);
    }

    FakeSmtp(ServerSocket server) {
        this(server, null);
    }

    private FakeSmtp(ServerSocket server, @Nullable SSLContext tls) {
        this.server = server;
        this.tls = tls;
        Thread.ofVirtual().start(this::serve);
    }

    private static ServerSocket plain() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is. */
    public int port() {
        return server.getLocalPort();
    }

    /** The mails that it took, oldest first, as they came. */
    public List<String> mails() {
        return mails;
    }

    /**
     * What the next command that begins so gets.
     *
     * @param command such as {@code RCPT}; {@code .} is the end of a mail
     * @param answer a line, or "cut": the connection ends, "reset": as if the server broke down, "later": the usual after
     *     three seconds, "endless": lines that say that more follow, "long": a line without an end, "slow": one of which
     *     each character takes its time
     */
    public void answer(String command, String answer) {
        answers.put(command, answer);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> talk(socket, true));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Socket socket, boolean greeted) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            if (greeted) {
                say(socket, "220 fake");
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String command = line.split("[ :]", 2)[0].toUpperCase(java.util.Locale.ROOT);
                if (command.equals("STARTTLS") && tls != null) {
                    say(socket, "220 go on");
                    SSLSocket layered = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
                    layered.setUseClientMode(false);
                    talk(layered, false);
                    return;
                } else if (command.equals("DATA") && !answers.containsKey("DATA")) {
                    say(socket, "354 go on");
                    mails.add(mail(in));
                    if (!end(socket, ".", "250 taken")) {
                        return;
                    }
                } else if (!end(socket, command, usual(command, line, tls != null)) || command.equals("QUIT")) {
                    return;
                }
            }
        } catch (IOException gone) {
            // That client will not miss anything.
        }
    }

    private static String mail(BufferedReader in) throws IOException {
        StringBuilder mail = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            mail.append(line.startsWith("..") ? line.substring(1) : line).append('\n');
        }
        return mail.toString();
    }

    private boolean end(Socket socket, String command, String usual) throws IOException {
        String answer = answers.remove(command);
        switch (answer == null ? "" : answer) {
            case "cut" -> {
                return false;
            }
            case "reset" -> {
                socket.setSoLinger(true, 0);
                return false;
            }
            case "later" -> {
                LockSupport.parkNanos(3_000_000_000L);
                say(socket, usual);
            }
            case "endless" -> without(socket, "250-and\r\n".repeat(1_000), 0);
            case "long" -> without(socket, "x".repeat(8_000), 0);
            case "slow" -> without(socket, "2", 500_000_000);
            default -> say(socket, answer == null ? usual : answer);
        }
        return true;
    }

    private static String usual(String command, String line, boolean tls) {
        return switch (command) {
            case "EHLO" -> "250-fake\r\n" + (tls ? "250-STARTTLS\r\n" : "") + "250-8BITMIME\r\n250 AUTH PLAIN";
            case "AUTH" ->
                new String(
                                        Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1)),
                                        StandardCharsets.UTF_8)
                                .endsWith("\0right")
                        ? "235 welcome"
                        : "535 no";
            case "QUIT" -> "221 bye";
            default -> "250 ok";
        };
    }

    /** Without an end: until nobody listens. */
    private static void without(Socket socket, String words, long pause) throws IOException {
        while (true) {
            socket.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            LockSupport.parkNanos(pause);
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }
}
