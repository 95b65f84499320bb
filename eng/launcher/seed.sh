# shellcheck shell=bash
# The first contents of the cloud, made through its public API as any client would: image, flavors, external network.
: "${state:?}"

# api METHOD PATH [JSON]: prints the body; an error status is an error
api() {
    local out status
    out=$(curl -s --max-time 120 --cacert "$state/tls/ca.crt" -X "$1" -H "X-Auth-Token: $token" -H 'Content-Type: application/json' ${3:+-d "$3"} -w '\n%{http_code}' "$(url)$2") ||
        fail "$1 $2 did not answer" "curl ended with $?" "./xiangyun doctor" "$state/log/server.log"
    status=${out##*$'\n'}
    [ "$status" -lt 400 ] || fail "$1 $2 was refused with $status" "${out%$'\n'*}" "see the server's log" "$state/log/server.log"
    echo "${out%$'\n'*}"
}

sign_in() {
    local head
    head=$(jq -n --arg p "$(admin_password)" '{auth: {identity: {methods: ["password"], password: {user: {name: "admin", domain: {name: "Default"}, password: $p}}},
        scope: {project: {name: "admin", domain: {name: "Default"}}}}}' |
        curl -s --max-time 20 --cacert "$state/tls/ca.crt" -H 'Content-Type: application/json' -d @- -D - -o "$state/run/token.json" "$(url)/identity/v3/auth/tokens")
    token=$(tr -d '\r' <<< "$head" | awk 'tolower($1) == "x-subject-token:" { print $2 }')
    [ -n "$token" ] || fail "signing in as admin failed" "$(head -n 1 <<< "$head") $(cat "$state/run/token.json" 2>/dev/null)" "if the password was changed, put the new one into $state/clouds.yaml" "$state/log/server.log"
}

# The catalogue says where a service lives, without the server's own part: service TYPE -> path
service() {
    jq -r --arg type "$1" --arg url "$(url)" 'first(.token.catalog[] | select(.type == $type) | .endpoints[] | select(.interface == "public") | .url) // "" | ltrimstr($url)' "$state/run/token.json"
}

# known COLLECTION-PATH KEY NAME: the id of what has that name
known() { api GET "$1" | jq -r --arg key "$2" --arg name "$3" 'first(.[$key][] | select(.name == $name) | .id) // ""'; }

# add_image FILE NAME [FORMAT]
add_image() {
    local id images format=${3:-}
    images=$(service image)
    [ -n "$images" ] || images=/image
    [ -n "$format" ] || format=$(qemu-img info --output=json "$1" | jq -r .format)
    case $format in qcow2 | raw) ;; *) fail "$1 cannot be used" "its format is $format" "give a qcow2 or raw image" ;; esac
    id=$(api POST "$images/v2/images" "$(jq -n --arg name "$2" --arg format "$format" '{name: $name, disk_format: $format, container_format: "bare", visibility: "public", min_disk: 1}')" | jq -r .id)
    curl -sS --fail-with-body --max-time 600 --cacert "$state/tls/ca.crt" -X PUT -H "X-Auth-Token: $token" -H 'Content-Type: application/octet-stream' -T "$1" "$(url)$images/v2/images/$id/file" > "$state/log/upload.log" 2>&1 ||
        fail "the upload of $1 failed" "$(tail -n 1 "$state/log/upload.log")" "see the server's log" "$state/log/server.log"
    echo "$id"
}

add_flavor() { # NAME VCPUS RAM DISK
    local compute id
    compute=$(service compute)
    id=$(known "$compute/flavors" flavors "$1")
    [ -n "$id" ] || id=$(api POST "$compute/flavors" "$(jq -n --arg name "$1" --argjson v "$2" --argjson r "$3" --argjson d "$4" '{flavor: {name: $name, vcpus: $v, ram: $r, disk: $d}}')" | jq -r .flavor.id)
    echo "$id"
}

add_external_network() {
    local network id subnet
    network=$(service network)
    network=${network%/v2.0}
    id=$(known "$network/v2.0/networks?name=public" networks public)
    [ -n "$id" ] || id=$(api POST "$network/v2.0/networks" '{"network": {"name": "public", "router:external": true, "provider:network_type": "flat", "provider:physical_network": "physnet1"}}' | jq -r .network.id)
    subnet=$(api GET "$network/v2.0/subnets?network_id=$id" | jq -r '.subnets[0].id // ""')
    [ -n "$subnet" ] || api POST "$network/v2.0/subnets" "$(jq -n --arg id "$id" '{subnet: {name: "public", network_id: $id, ip_version: 4, cidr: "172.24.4.0/24", gateway_ip: "172.24.4.1", enable_dhcp: false, allocation_pools: [{start: "172.24.4.100", end: "172.24.4.250"}]}}')" > /dev/null
    echo "$id"
}

# Prints one object with the ids; kept, so that a later start need not ask.
seed_cloud() {
    [ -s "$state/seed.json" ] && return
    say "seeding: image xiangyun-guest, flavors, external network public"
    sign_in
    local image tiny small medium external images
    images=$(service image)
    image=$(known "${images:-/image}/v2/images?name=xiangyun-guest" images xiangyun-guest)
    [ -n "$image" ] || image=$(add_image "$state/image/guest.qcow2" xiangyun-guest qcow2)
    tiny=$(add_flavor xy.tiny 1 256 1)
    small=$(add_flavor xy.small 1 512 2)
    medium=$(add_flavor xy.medium 2 1024 10)
    external=$(add_external_network)
    jq -n --arg image "$image" --arg tiny "$tiny" --arg small "$small" --arg medium "$medium" --arg external "$external" \
        '{image_id: $image, flavors: {"xy.tiny": $tiny, "xy.small": $small, "xy.medium": $medium}, external_network_id: $external}' > "$state/seed.json.new"
    jq -e '[.. | strings | select(. == "" or . == "null")] == []' "$state/seed.json.new" > /dev/null ||
        fail "seeding left something without an id" "$(jq -c . "$state/seed.json.new")" "see the server's log, then ./xiangyun up again" "$state/log/server.log"
    mv "$state/seed.json.new" "$state/seed.json"
}
