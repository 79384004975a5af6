package dev.parley.simulators.exchange;

/** The frame and the looks of the pages that simulated providers host for people. */
public final class HostedPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { margin: 0; display: grid; place-items: start center; padding: 1.5rem; }
            main { width: min(30rem, 100%%); }
            .note { font-size: .9rem; opacity: .8; }
            table { width: 100%%; border-collapse: collapse; margin: 1rem 0; }
            th, td { text-align: left; padding: .5rem 0; border-bottom: 1px solid #8886; }
            td:last-child, th:last-child { text-align: right; }
            label { display: block; margin-top: 1rem; font-weight: 600; }
            input[type=email], input[type=tel], input[type=text] { box-sizing: border-box; width: 100%%; padding: .6rem; font: inherit; border: 1px solid #777; border-radius: .4rem; }
            fieldset { margin: 1rem 0; border: 1px solid #8886; border-radius: .4rem; }
            fieldset label { font-weight: 400; margin: .4rem 0; }
            button { font: inherit; font-weight: 600; padding: .7rem 1.2rem; border-radius: .4rem; border: 1px solid %1$s; cursor: pointer; }
            button.pay { background: %1$s; color: #fff; }
            button.leave { background: transparent; color: inherit; border-color: #777; }
            :focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
            .error { border-left: 4px solid #dc2626; padding: .5rem 1rem; margin: 1rem 0; }
            """;

    private final String provider;
    private final String style;

    /**
     * Of one provider.
     *
     * @param colour of its buttons, as CSS has it
     */
    public HostedPage(String provider, String colour) {
        this.provider = provider;
        this.style = STYLE.formatted(colour);
    }

    /**
     * A page.
     *
     * @param title as text
     * @param body as HTML
     */
    public Reply show(int status, String title, String body) {
        return Reply.html(
                status,
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                        + " · simulated " + provider + "</title><meta name=\"viewport\" content=\"width=device-width,"
                        + " initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><style>" + style
                        + "</style></head><body><main><h1>" + escape(title)
                        + "</h1><p class=\"note\">Simulated " + provider + ": no money moves.</p>" + body
                        + "</main></body></html>");
    }

    /** A text as HTML, in content and in attributes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
