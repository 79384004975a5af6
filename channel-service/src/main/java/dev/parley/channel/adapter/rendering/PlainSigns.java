package dev.parley.channel.adapter.rendering;

import java.util.ArrayDeque;
import java.util.Deque;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.Node;
import org.commonmark.node.Text;

/** Knows signs that Markdown would take away although they are words: of sums, of dial codes, of faces, of notes. */
final class PlainSigns {
    /** What comes behind it has words without spaces between them, where emphasis may begin in the middle. */
    private static final char HEBREW = '\u0590';

    private static final String DIALLED = "#+";
    private static final String FACES = "^-<>;.=~°'\"";
    private static final String BEHIND_TERMS = ")]%²³°€$£";
    private static final String BEFORE_TERMS = "([";
    private static final String NOT_FIRST = ")],;}";
    private static final String NOT_LAST = "([{";
    /** What is longer is no code, and would take long where one emphasis is in another one. */
    private static final int LOOKED_AT = 256;

    private static final int SHORTEST_CODE = 3;

    private PlainSigns() {}

    /** Whether the signs around these words are words too. */
    static boolean around(Node node, String sign) {
        char left = left(node);
        char right = right(node);
        String words = words(node);
        if (words.isEmpty()) {
            return false;
        }
        char first = words.charAt(0);
        char last = words.charAt(words.length() - 1);
        return NOT_FIRST.indexOf(first) >= 0
                || NOT_LAST.indexOf(last) >= 0
                || (left == '/' && right == '/')
                || (sign.length() == 1 && words.chars().allMatch(PlainSigns::isAsciiSign))
                || (sign.startsWith("*")
                        ? calculates(sign, left, words, right) || dials(node, sign, words)
                        : names(left, right) || (isFace(left) && isFace(first)) || calls(node));
    }

    /** Whether the code's signs are apostrophes. */
    static boolean around(Code code) {
        return isLetter(left(code)) && isLetter(right(code));
    }

    /** Stars multiply, as in 2*3*4, raise to a power, as in x**2 + y**2, or hide letters within words. */
    private static boolean calculates(String sign, char left, String words, char right) {
        boolean terms = isTerm(left, BEHIND_TERMS) && isTerm(right, BEFORE_TERMS);
        return terms && (sign.length() == 1 || isDigit(right) || words.chars().anyMatch(Character::isWhitespace));
    }

    /** A code that is dialled, as *144*1#. */
    private static boolean dials(Node node, String sign, String words) {
        boolean code = words.chars().allMatch(PlainSigns::isDialled);
        if (sign.length() == 1 && code && words.length() >= SHORTEST_CODE && words.indexOf('#') >= 0) {
            return true;
        }
        Node last = node;
        while (last.getNext() == null && last.getParent() instanceof Emphasis around) {
            last = around;
        }
        if (!isDialled(words.charAt(0)) || !(last.getNext() instanceof Text behind)) {
            return false;
        }
        String rest = behind.getLiteral();
        int at = 0;
        while (code && at < rest.length() && rest.charAt(at) == '*') {
            at++;
        }
        return at < rest.length() && isDialled(rest.charAt(at));
    }

    /** A name of a person or a tag, as @_ana_ or _ana_@mail.example. */
    private static boolean names(char left, char right) {
        return left == '@' || left == '#' || right == '@';
    }

    /** A name in code, as __init__.py or __len__(x). */
    private static boolean calls(Node node) {
        return node.getNext() instanceof Text text
                && text.getLiteral().length() > 1
                && (text.getLiteral().charAt(0) == '(' || text.getLiteral().charAt(0) == '.')
                && isLetter(text.getLiteral().charAt(1));
    }

    private static boolean isFace(char c) {
        return FACES.indexOf(c) >= 0;
    }

    private static boolean isDialled(int c) {
        return isDigit(c) || DIALLED.indexOf(c) >= 0;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isTerm(char c, String brackets) {
        return brackets.indexOf(c) >= 0 || (c < HEBREW && Character.isLetterOrDigit(c));
    }

    private static boolean isLetter(char c) {
        return c < HEBREW && Character.isLetter(c);
    }

    private static boolean isAsciiSign(int c) {
        return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    }

    private static char left(Node node) {
        return node.getPrevious() instanceof Text text && !text.getLiteral().isEmpty()
                ? text.getLiteral().charAt(text.getLiteral().length() - 1)
                : 0;
    }

    private static char right(Node node) {
        return node.getNext() instanceof Text text && !text.getLiteral().isEmpty()
                ? text.getLiteral().charAt(0)
                : 0;
    }

    /** The words inside, whose lines and code count as letters. */
    private static String words(Node node) {
        StringBuilder words = new StringBuilder();
        Deque<Node> rest = new ArrayDeque<>();
        rest.push(node);
        while (!rest.isEmpty() && words.length() < LOOKED_AT) {
            Node next = rest.pop();
            if (next instanceof Text text) {
                words.append(text.getLiteral());
            } else if (next.getFirstChild() == null) {
                words.append('x');
            }
            if (next != node && next.getNext() != null) {
                rest.push(next.getNext());
            }
            if (next.getFirstChild() != null) {
                rest.push(next.getFirstChild());
            }
        }
        return rest.isEmpty() ? words.toString() : words.append('x').toString();
    }
}
