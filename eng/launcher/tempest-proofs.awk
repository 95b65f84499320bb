# results, then tempest.log: each operation that a passed test called with success, at most three tests for one.
NR == FNR { if ($1 == "passed") { n = split($2, part, "."); full[part[n - 1] ":" part[n]] = $2 }; next }
match($0, /Request \([^)]*\): 2[0-9][0-9] [A-Z]+ https?:\/\/[^ ]+/) {
    split(substr($0, RSTART, RLENGTH), word, " ")
    test = word[2]; gsub(/[():]$/, "", test); sub(/^\(/, "", test); sub(/\)$/, "", test)
    if (!(test in full)) next
    path = word[5]; sub(/^https?:\/\/[^\/]*/, "", path); sub(/\?.*/, "", path); sub(/\/$/, "", path)
    n = split(path, segment, "/"); path = ""
    for (i = 2; i <= n; i++) path = path "/" (segment[i] ~ /^[0-9a-f-]+$/ && segment[i] ~ /[0-9]/ || segment[i] ~ /tempest-|%/ ? "{}" : segment[i])
    line = word[4] " " path
    if ((line " " test) in known || count[line] == 3) next
    known[line " " test]; count[line]++
    print line " " full[test]
}
