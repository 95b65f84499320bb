# shellcheck shell=bash disable=SC2034,SC2154
# Server and agent: their configuration and their processes.
: "${top:?}" "${state:?}" "${listen:?}"
agent_socket() { echo "$state/run/$(nth agent "$1").sock"; }

url() { echo "https://$listen"; }

# Written once: the listening address of the first start stays unless --listen says otherwise.
write_config() {
    local fabric=ovn:unix:$state/host/run/ovn/ovnnb_db.sock
    [ -z "$simulate" ] || fabric=simulated
    jq -n --arg state "$state" --arg url "$(url)" --arg fabric "$fabric" --arg socket "unix:$(agent_socket 1)" --argjson count "${simulate:-0}" --argjson hosts "$(real_hosts)" '
        { state: $state, listen: $url, public_url: $url, region: "RegionOne", database: "sqlite:\($state)/xiangyun.db", fabric: $fabric, novnc: "\($state)/novnc",
          hosts: (if $count == 0 then $hosts
                  else [range(1; $count + 1) | tostring | "sim-" + ("000"[length:] + .) | { name: ., endpoint: $socket }] end) }' > "$state/server.json"
}

real_hosts() {
    local i
    for i in $(seq "$hosts"); do printf '%s %s\n' "$(nth local "$i")" "unix:$(agent_socket "$i")"; done | jq -nR '[inputs / " " | { name: .[0], endpoint: .[1] }]'
}

make_secrets() {
    "$top/artifacts/server/Xiangyun.Server" init --state "$state" --names "localhost,${listen%:*}" --hosts "$(for i in $(seq "$hosts"); do underlay "$i"; done | paste -sd,)" > "$state/log/init.log" 2>&1 ||
        fail "the local certificate authority could not be made" "Xiangyun.Server init ended with an error" "see the log" "$state/log/init.log"
    if [ ! -s "$state/clouds.yaml" ]; then
        first=1
        (umask 077 && cloud_of_admin > "$state/clouds.yaml")
    fi
    grep -q '^  xiangyun-auditor:' "$state/clouds.yaml" || (umask 077 && { cloud_of security; cloud_of auditor; } >> "$state/clouds.yaml")
}

new_password() { head -c 18 /dev/urandom | base64 | tr '+/' '-_'; }

cloud_of_admin() {
    cat << Y
# export OS_CLIENT_CONFIG_FILE=$state/clouds.yaml OS_CLOUD=xiangyun
clouds:
  xiangyun:
    auth:
      auth_url: $(url)/identity/v3
      username: admin
      password: "$(new_password)"
      project_name: admin
      user_domain_name: Default
      project_domain_name: Default
    region_name: RegionOne
    identity_api_version: 3
    volume_api_version: 3
    cacert: $state/tls/ca.crt
Y
}

# cloud_of ACCOUNT: the other two of the three administrators stand at the system, not at a project
cloud_of() {
    cat << Y
  xiangyun-$1:
    auth:
      auth_url: $(url)/identity/v3
      username: $1
      password: "$(new_password)"
      user_domain_name: Default
      system_scope: all
    region_name: RegionOne
    identity_api_version: 3
    cacert: $state/tls/ca.crt
Y
}

password_of() { sed -n "/^  $1:/,/password:/s/^ *password: \"\(.*\)\"\$/\1/p" "$state/clouds.yaml"; }
admin_password() { password_of xiangyun; }

# launch NAME LOG COMMAND...: in the background, free of this shell, log appended
launch() {
    local name=$1 log=$2
    shift 2
    setsid "$@" >> "$state/log/$log.log" 2>&1 < /dev/null 8>&- 9>&- &
    record "$name" $!
}

start_server() {
    pid_of server > /dev/null && return
    if ss -Hltn "sport = :${listen##*:}" 2>/dev/null | grep -q .; then
        fail "port ${listen##*:} is taken" "another program listens there (ss -ltnp)" "stop it, or ./xiangyun up --listen 127.0.0.1:PORT"
    fi
    XY_BOOTSTRAP_PASSWORD=$(admin_password) XY_BOOTSTRAP_SECURITY_PASSWORD=$(password_of xiangyun-security) XY_BOOTSTRAP_AUDIT_PASSWORD=$(password_of xiangyun-auditor) DOTNET_gcServer=0 DOTNET_GCConserveMemory=5 \
        launch server server "$top/artifacts/server/Xiangyun.Server" run --config "$state/server.json"
}

agents() { local i; for i in $(seq "$hosts"); do nth agent "$i"; done; }

start_agents() {
    local i
    for i in $(seq "$hosts"); do
        pid_of "$(nth agent "$i")" > /dev/null || start_agent "$i"
    done
}

start_agent() {
    local name=agent child outer offload=off socket address
    name=$(nth agent "$1") outer=$(nth nsenter "$1") socket=$(agent_socket "$1") address=$(underlay "$1")
    rm -f "$socket"
    set -- "$1" "$top/artifacts/agent/Xiangyun.Agent" run --state "$state/agent" --listen "unix:$socket" --tls "$state/tls"
    export DOTNET_gcServer=0 DOTNET_GCConserveMemory=5
    if [ -n "$simulate" ]; then
        launch agent agent "${@:2}" --simulate "$simulate"
        return
    fi
    ! with_offload || offload=on
    # nsenter forks into the process namespace: the agent's own id is the child's
    launch "$outer" "$name" nsenter -t "$(host_pid "$1")" -m -n -u -p -- "${@:2}" \
        --libvirt qemu:///system --accelerator "${accel:?}" --ovs unix:/run/openvswitch/db.sock --name "$(nth local "$1")" --offload $offload ${address:+--address "$address"}
    child=$(child_of "$(pid_of "$outer")") || fail "the agent did not start" "nsenter could not run it in the engine host" "see the log" "$state/log/$name.log"
    record "$name" "$child"
}

ready_answer() { curl -s --max-time 2 --cacert "$state/tls/ca.crt" "$(url)/health/ready"; }

# Until the server answers that it is ready (1) and every host is seen alive (2).
wait_ready() {
    local answer='' name
    for _ in $(seq 600); do
        for name in server $(agents); do
            pid_of "$name" > /dev/null || fail "the $name ended" "$(grep -E 'cannot|Unhandled|fail:|crit:' "$state/log/$name.log" 2>/dev/null | tail -n 1)" "see the log" "$state/log/$name.log"
        done
        answer=$(ready_answer) && jq -e '.ready' > /dev/null 2>&1 <<< "$answer" && {
            [ -n "${first_answer:-}" ] || { first_answer=$(($(now_ms) - began)); say "the server answers"; }
            jq -e '.parts.hosts == null or .parts.hosts.alive >= $hosts' --argjson hosts "$hosts" > /dev/null <<< "$answer" && return
        }
        sleep 0.1
    done
    fail "the cloud is not ready after 60 s" "last answer of /health/ready: ${answer:-none}" "./xiangyun doctor" "$state/log/server.log"
}
