# all names first, then the list: prints the full name of each test that a line of the list means
NR == FNR {
    full[++count] = $0
    name[count] = $0; sub(/\[.*/, "", name[count])
    if (match($0, /id-[0-9a-f-]+/)) by_id[substr($0, RSTART, RLENGTH)] = $0
    next
}
/^[ \t]*(#|$)/ { next }
{
    hit = 0
    for (f = 1; f <= NF && !hit; f++) {
        word = $f
        if (match(word, /id-[0-9a-f-]+/) && (substr(word, RSTART, RLENGTH) in by_id)) { take(by_id[substr(word, RSTART, RLENGTH)]); continue }
        if (("id-" word) in by_id) { take(by_id["id-" word]); continue }
        sub(/\[.*/, "", word)
        if (word !~ /^tempest\./) continue
        for (i = 1; i <= count; i++) if (name[i] == word || index(name[i], word ".") == 1) take(full[i])
    }
    if (!hit) { unknown = unknown "no such test: " $0 "\n" }
}
function take(one) { hit = 1; if (!(one in taken)) { taken[one] = 1; print one } }
END { if (unknown != "") { printf "%s", unknown; exit 1 } }
