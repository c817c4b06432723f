# The search for a JDK, shared by ./jmoco and bench/run, which source this file and bring a function `fail MESSAGE` that
# ends the program.
#
#   JMOCO_JAVA_HOME   the JDK to use; else JAVA_HOME, else the newest one found that fits
#   JMOCO_JDKS        folders to look for JDKs in, separated by colons; else those of the common package managers

wanted="a JDK 25, update 25.0.3 or later"
remedy="install one (sdk install java 25.0.3-tem, or your system's package) or name it in JMOCO_JAVA_HOME"

# For MAVEN_OPTS: on such a JDK the libraries of Maven 3.8 draw four lines of warnings of what later JDKs will forbid.
quiet_maven="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"

# Of the file in which the JDK in folder $1 says what it is, the value of $2; nothing without either. In `answer`, as
# of the functions below: a process for each answer would be most of the time that a start takes.
said_in_release() {
    local line
    answer=
    [ -r "$1/release" ] || return 0
    while IFS= read -r line; do
        if [[ $line == "$2=\""* ]]; then
            answer=${line#*\"}
            answer=${answer%%\"*}
        fi
    done <"$1/release"
}

# The version of the JDK in folder $1 as it calls itself, such as 25.0.3; nothing if there is none.
name_of() {
    answer=
    [ -x "$1/bin/java" ] || return 0
    said_in_release "$1" JAVA_VERSION
    [ -n "$answer" ] || answer=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
    answer=${answer%%[-+]*}
}

# The same as one number that sorts: 25.0.3 -> 25000003. A JDK 8 calls itself 1.8.0_472.
version_of() {
    local parts
    name_of "$1"
    [ -n "$answer" ] || return 0
    IFS=. read -ra parts <<<"${answer//[!0-9.]/.}"
    printf -v answer %d%03d%03d "$((10#${parts[0]:-0}))" "$((10#${parts[1]:-0}))" "$((10#${parts[2]:-0}))"
}

fits() {
    version_of "$1"
    [ -n "$answer" ] && [ "$answer" -ge 25000003 ] && [ "$answer" -lt 26000000 ]
}

# What is wrong with the JDK in folder $1.
unfit() {
    local name
    name_of "$1"
    name=$answer
    case "$name" in
        "") echo "$1 holds no JDK" ;;
        25 | 25.*) echo "$1 is $name, and updates before 25.0.3 can corrupt arrays shared with native code (JDK-8377811)" ;;
        *) echo "$1 is Java $name" ;;
    esac
}

# Every folder that may be a JDK, one a line.
places() {
    local folder
    if [ -n "${JMOCO_JDKS:-}" ]; then
        while IFS= read -r folder; do
            printf '%s\n' "$folder"/*
        done <<<"${JMOCO_JDKS//:/$'\n'}"
    else
        printf '%s\n' /usr/lib/jvm/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home ${HOME:+"$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*}
    fi
    local java
    if java=$(command -v java) && java=$(readlink -f "$java"); then
        echo "${java%/*/*}"
    fi
}

find_jdk() {
    local answer candidate best="" best_version=0 nearest="" nearest_version=0 v
    if [ -n "${JMOCO_JAVA_HOME:-}" ]; then
        fits "$JMOCO_JAVA_HOME" || fail "JMOCO_JAVA_HOME=$JMOCO_JAVA_HOME is not $wanted: $(unfit "$JMOCO_JAVA_HOME")"
        echo "$JMOCO_JAVA_HOME"
        return
    fi
    if [ -n "${JAVA_HOME:-}" ] && fits "$JAVA_HOME"; then
        echo "$JAVA_HOME"
        return
    fi
    while IFS= read -r candidate; do
        version_of "$candidate"
        v=$answer
        if [ -z "$v" ]; then
            continue
        fi
        if [ "$v" -ge 25000003 ] && [ "$v" -lt 26000000 ]; then
            if [ "$v" -gt "$best_version" ]; then
                best=$candidate
                best_version=$v
            fi
        elif [ "$v" -gt "$nearest_version" ] && [ "$v" -lt 26000000 ] || [ -z "$nearest" ]; then
            nearest=$candidate
            nearest_version=$v
        fi
    done < <(places)
    [ -n "$best" ] || fail "no fitting Java found, $wanted is needed${nearest:+; $(unfit "$nearest")}: $remedy"
    echo "$best"
}
