# The names that were asked for, then the results as comma separated values: prints "passed|failed|skipped NAME".
# What a class's own set-up said holds for all its tests; a test of which nothing was heard has failed.
FNR == 1 { file++ }
file == 1 { names[++count] = $0; next }
{
    line = $0
    gsub(/"/, "", line)
    status = line ~ /,success,/ ? "passed" : line ~ /,skip,/ ? "skipped" : line ~ /,(fail|uxsuccess),/ ? "failed" : line ~ /,xfail,/ ? "passed" : ""
    if (status == "") next
    if (match(line, /^(set|tear)[A-Za-z]+Class \([^)]*\)/)) {
        owner = substr(line, 1, RLENGTH); sub(/.*\(/, "", owner); sub(/\)/, "", owner)
        if (status != "passed") class[owner] = status
        next
    }
    test = line; sub(/\[.*/, "", test); sub(/,(success|skip|fail|xfail|uxsuccess),.*/, "", test)
    seen[test] = status
}
END {
    for (i = 1; i <= count; i++) {
        test = names[i]; sub(/\[.*/, "", test)
        owner = test; sub(/\.[^.]*$/, "", owner)
        status = test in seen ? seen[test] : owner in class ? class[owner] : "failed"
        print status, test
    }
}
