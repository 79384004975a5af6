#!/bin/sh
# Prints the home of a JDK 25, or says on stderr where it looked and fails.
major() {
    "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}
for home in "$JAVA_HOME" \
    /usr/lib/jvm/*25* /opt/java/*25* /opt/jdk*25* /opt/*jdk*25* \
    "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* "$HOME"/.local/share/mise/installs/java/*25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ "$(major "$home")" = 25 ]; then
        echo "$home"
        exit 0
    fi
done
echo "Parley needs JDK 25: none in JAVA_HOME, /usr/lib/jvm, /opt, SDKMAN, mise or macOS's places. Install one or set JAVA_HOME." >&2
exit 1
