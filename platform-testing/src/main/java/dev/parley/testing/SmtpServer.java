package dev.parley.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A mail server for tests that keeps what it is given. It refuses recipients that begin with {@code unknown} for good
 * and, while it is told so, all mails for now.
 */
public final class SmtpServer {
    private static final SmtpServer SHARED = new SmtpServer();

    private final ServerSocket socket;
    private final List<Received> mails = new CopyOnWriteArrayList<>();
    private volatile boolean busy;

    private SmtpServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("test-smtp").start(this::accept);
    }

    /** A mail as it came: who gets it, and the whole message. */
    public record Received(String recipient, String message) {}

    /** The one server of the test run. */
    public static SmtpServer shared() {
        return SHARED;
    }

    /** Where it listens on the loopback address. */
    public int port() {
        return socket.getLocalPort();
    }

    /** The mails to an address, in the order they came. */
    public List<Received> to(String recipient) {
        return mails.stream().filter(mail -> mail.recipient().equals(recipient)).toList();
    }

    /** Whether to refuse all mails for now. */
    public void busy(boolean now) {
        busy = now;
    }

    private void accept() {
        while (true) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter out = new PrintWriter(client.getOutputStream(), false, StandardCharsets.UTF_8)) {
            say(out, "220 test");
            String recipient = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.split("[ :]")[0].toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "MAIL" -> say(out, busy ? "451 later" : "250 ok");
                    case "RCPT" -> {
                        recipient = line.replaceAll(".*<|>.*", "");
                        say(out, recipient.startsWith("unknown") ? "550 nobody here" : "250 ok");
                    }
                    case "DATA" -> {
                        say(out, "354 go on");
                        mails.add(new Received(recipient, message(in)));
                        say(out, "250 taken");
                    }
                    case "QUIT" -> {
                        say(out, "221 bye");
                        return;
                    }
                    default -> say(out, "250 ok");
                }
            }
        } catch (IOException gone) {
            Thread.currentThread().interrupt();
        }
    }

    private static String message(BufferedReader in) throws IOException {
        StringBuilder message = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            message.append(line).append('\n');
        }
        return message.toString();
    }

    private static void say(PrintWriter out, String line) {
        out.print(line + "\r\n");
        out.flush();
    }
}
