package dev.parley.platform.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Tells addresses of the public internet from all others, by IANA's special-purpose registries. */
final class Networks {
    /** Everything of IPv4 that is not globally reachable, and addresses at which clouds answer their machines. */
    private static final List<Block> REFUSED_4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure's wire server
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3"); // multicast, reserved, broadcast

    /** The only part of IPv6 that is given out: loopback, private, link-local, multicast, mapped and NAT64 are outside. */
    private static final List<Block> GIVEN_OUT_6 = blocks("2000::/3");

    private static final List<Block> REFUSED_6 = blocks(
            "2001::/23", // Teredo, ORCHID, benchmarks and other protocols
            "2001:db8::/32",
            "2002::/16", // 6to4: carries any IPv4 address
            "2620:4f:8000::/48",
            "3fff::/20");

    private static final int ISATAP = 0x5efe;

    private Networks() {}

    /** Whether that address is somebody's on the public internet. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return none(REFUSED_4, bytes);
        }
        return !none(GIVEN_OUT_6, bytes) && none(REFUSED_6, bytes) && !isIsatap(bytes);
    }

    /** An IPv6 address whose second half carries an IPv4 address for a tunnel. */
    private static boolean isIsatap(byte[] bytes) {
        int upper = (bytes[8] & 0xff) << 8 | bytes[9] & 0xff;
        int lower = (bytes[10] & 0xff) << 8 | bytes[11] & 0xff;
        return (upper & ~0x0200) == 0 && lower == ISATAP;
    }

    private static boolean none(List<Block> blocks, byte[] address) {
        return blocks.stream().noneMatch(block -> block.holds(address));
    }

    private static List<Block> blocks(String... texts) {
        return List.of(texts).stream().map(Block::of).toList();
    }

    private record Block(byte[] prefix, int bits) {
        static Block of(String text) {
            int slash = text.indexOf('/');
            return new Block(
                    InetAddress.ofLiteral(text.substring(0, slash)).getAddress(),
                    Integer.parseInt(text.substring(slash + 1)));
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << 8 - (bits - bit) & 0xff;
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
