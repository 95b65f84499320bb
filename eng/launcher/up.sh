# shellcheck shell=bash disable=SC2154
# up: from whatever is there to a cloud that answers. Every step looks first and does only what is missing.
: "${top:?}" "${state:?}"

up() {
    need_root "up"
    mkdir -p "$state"/{run,log,agent}
    chmod 700 "$state/run" "$state/log" "$state/agent"
    exec 9> "$state/lock"
    flock -w 120 9 || fail "another ./xiangyun works on $state" "its lock is held" "wait for it to end"
    keep_listen
    keep_hosts
    first='' first_answer=''
    install_packages engines
    built=''
    build
    # what runs is older than what was just built: guests do not notice the change
    if [ -n "$built" ]; then
        stop_process server 10
        for name in $(agents); do stop_process "$name" 10; done
    fi
    make_secrets
    write_config
    ensure_novnc
    start_server
    if [ -z "$simulate" ]; then
        start_hosts
        ensure_image
        accelerator
        wait_hosts
    else
        accel=simulated
    fi
    start_agents
    wait_ready
    if [ -n "$seed" ]; then
        ensure_image
        seed_cloud
    fi
    report
}

# A later start without --listen keeps the address of the first one.
keep_listen() {
    local known
    known=$(jq -r '.listen // "" | ltrimstr("https://")' "$state/server.json" 2>/dev/null) || known=''
    [ -z "$known" ] || [ "$listen" != 127.0.0.1:5000 ] || listen=$known
    if [ -z "$simulate" ] && jq -e '.fabric == "simulated"' "$state/server.json" > /dev/null 2>&1; then simulate=$(jq '.hosts | length' "$state/server.json"); fi
}

# The number of hosts is chosen once: guests keep the network card they were given, and it depends on that.
keep_hosts() {
    local known
    known=$(known_hosts)
    hosts=${hosts:-${known:-1}}
    [[ $hosts = [1-4] ]] || fail "--hosts $hosts cannot be" "one machine carries 1 to 4 engine hosts" "./xiangyun up --hosts 2"
    [ "${known:-$hosts}" = "$hosts" ] || fail "this cloud has $known engine host(s), not $hosts" "the number is chosen at the first start" "./xiangyun up --hosts $hosts --state DIR with another directory"
    [ -z "$simulate" ] || hosts=1
}

report() {
    local ready=$(($(now_ms) - began))
    say "ready"
    if [ -n "$json" ]; then
        local seeded='{}'
        [ ! -s "$state/seed.json" ] || seeded=$(cat "$state/seed.json")
        jq -n --arg url "$(url)" --arg password "$(admin_password)" --arg security "$(password_of xiangyun-security)" --arg auditor "$(password_of xiangyun-auditor)" --arg clouds "$state/clouds.yaml" --argjson ready "$ready" --argjson answer "$first_answer" --arg accel "$accel" --arg state "$state" --argjson seeded "$seeded" \
            '{url: $url, auth_url: "\($url)/identity/v3", username: "admin", password: $password, administrators: {security: $security, auditor: $auditor}, clouds_yaml: $clouds, ready_ms: $ready, first_answer_ms: $answer, accelerator: $accel, state: $state} + $seeded'
        return
    fi
    echo
    echo "Xiangyun is up:  $(url)   (guests run by: $accel)"
    [ -z "$first" ] || printf '%s\n' "three administrators, passwords shown only now:" "  admin     $(admin_password)   runs the cloud (系统管理员)" \
        "  security  $(password_of xiangyun-security)   hands out administrators' roles (安全管理员)" "  auditor   $(password_of xiangyun-auditor)   watches both (审计管理员)"
    echo "for clients:     export OS_CLIENT_CONFIG_FILE=$state/clouds.yaml OS_CLOUD=xiangyun"
    echo "then:            openstack server create --image xiangyun-guest --flavor xy.tiny --network ... my-first"
}
