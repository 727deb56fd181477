# A day at a real server with secrets that can be recognised, and the search for them in everything
# that it says and keeps. Sourced by run.sh, which gives $work, $bin, check, skip.

export LC_ALL=C
port=${OBVERSE_PORT:-17443}
right_pin=48291573 wrong_pin=90214477

# What is searched for: a name, a pattern of bytes, and the file where it must be found. Bytes that
# end a line are left out: grep looks at one line at a time.
write_needles() {
  node - "$work/keys" ops/demo/orl_faces.f32 "$work" >"$work/needles" <<'END'
const fs = require('fs');
const [keys, faces, work] = process.argv.slice(2);
const pattern = (bytes) => [...bytes].map((b) => '\\x' + b.toString(16).padStart(2, '0')).join('');
const window = (bytes, length) => {
  for (let at = 64; at + length < bytes.length; at += 4) {
    const part = bytes.subarray(at, at + length);
    if (!part.includes(10) && new Set(part).size > length / 2) return part;
  }
};
const say = (name, bytes, file) => console.log([name, pattern(bytes), file].join('\t'));
const row = fs.readFileSync(faces).subarray(0, 2048);
const numbers = Array.from({length: 512}, (_, i) => row.readFloatLE(4 * i));
const small = Buffer.from(Int8Array.from(numbers, (x) =>
  Math.max(-127, Math.min(127, Math.floor(x * 635 + 0.5)))).buffer);
fs.writeFileSync(work + '/template', small);
say('face-as-sent', window(row, 16), faces);
say('face-as-kept', window(small, 24), work + '/template');
const hex = fs.readFileSync(keys + '/vault.kek', 'latin1').trim();
fs.writeFileSync(work + '/kek.raw', Buffer.from(hex, 'hex'));
say('wrapping-key-digits', Buffer.from(hex.slice(8, 40)), keys + '/vault.kek');
const raw = Buffer.from(hex, 'hex');
let from = 0;
while (raw.subarray(from, from + 12).includes(10)) from++;
say('wrapping-key', raw.subarray(from, from + 12), work + '/kek.raw');
const pem = fs.readFileSync(keys + '/obversed.key', 'latin1').split('\n')[1];
say('private-key', Buffer.from(pem.slice(4, 40)), keys + '/obversed.key');
END
  printf 'right-pin\t%s\t%s\n' $right_pin "$work/pin" >>"$work/needles"
  printf 'wrong-pin\t%s\t%s\n' $wrong_pin "$work/pin-wrong" >>"$work/needles"
}

make_house() {
  mkdir -p "$work/keys" "$work/said"
  local each
  {
    "$bin/obverse" key authority --directory "$work/keys"
    "$bin/obverse" key issue --directory "$work/keys" --name obversed --server --dns obversed \
      --address 127.0.0.1
    for each in operator desk auditor G-1 T1; do
      "$bin/obverse" key issue --directory "$work/keys" --name $each
    done
    "$bin/obverse" key wrapping "$work/keys/vault.kek"
  } >"$work/said/keys" 2>&1
  printf '%s\n' $right_pin >"$work/pin"
  printf '%s\n' $wrong_pin >"$work/pin-wrong"
  cat >"$work/obverse.toml" <<END
[server]
port = $port
log_level = "debug"
data_directory = "$work/data"
[tls]
certificate = "$work/keys/obversed.pem"
key = "$work/keys/obversed.key"
client_authority = "$work/keys/authority.pem"
[vault]
kek_file = "$work/keys/vault.kek"
[bounds]
free_mib_min = 1
[bootstrap]
operator_certificate = "$work/keys/operator.pem"
END
}

start_server() {
  (cd "$work" && ulimit -c unlimited && exec "$root/$bin/obversed" --config obverse.toml \
    >>said/server.out 2>>said/server.log) &
  server=$!
  local i
  for i in $(seq 1 300); do
    grep -q '^obversed: serving' "$work/said/server.out" 2>/dev/null && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/said/server.log" >&2
  die "the server did not start" "is port $port free? (OBVERSE_PORT=17500 ops/prove security)"
}

# as <terminal> <words...>: what the command says is kept; what it ends with does not matter.
as() {
  local name=$1
  shift
  "$bin/obverse" --json --server "127.0.0.1:$port" --authority "$work/keys/authority.pem" \
    --certificate "$work/keys/$name.pem" --key "$work/keys/$name.key" "$@" \
    >>"$work/said/commands" 2>&1 </dev/null || true
}

live_a_day() {
  local faces=ops/demo/orl_faces.f32 face="--face ops/demo/orl_faces.f32"
  as operator operator add --code OM
  as operator merchant add --code shop --currency JPY
  as operator tariff publish --file ops/tariffs/osaka-metro.json
  as operator policy publish --file ops/policy.json
  as operator terminal add --code desk --role enrolment_desk --file "$work/keys/desk.pem"
  as operator terminal add --code auditor --role auditor --file "$work/keys/auditor.pem"
  as operator terminal add --code T1 --role till --merchant shop --file "$work/keys/T1.pem"
  as operator terminal add --code G-1 --role gate --operator OM --station M11 \
    --file "$work/keys/G-1.pem"
  as desk person register
  as desk person consent --rider 1 --purpose payment
  as desk person consent --rider 1 --purpose transit
  as desk person enrol --rider 1 --face "$faces" --rows 0,1,2,3
  as desk person set-pin --rider 1 --pin "$work/pin"
  as desk wallet open --rider 1
  as desk wallet load --rider 1 --amount 50000
  # shellcheck disable=SC2086
  {
    as T1 till pay --amount 540 $face --row 0
    as T1 till pay --amount 20000 $face --row 0
    as T1 till pay --amount 700 --account 1 --pin "$work/pin"
    as T1 till pay --amount 700 --account 1 --pin "$work/pin-wrong"
    as T1 till pay --amount 540 $face --row 120
    as G-1 gate enter $face --row 1
    as G-1 gate enter $face --row 1 --capture occluded
  }
  # Misuse: what is said about it must not hold what was misused.
  as desk person set-pin --rider 1 --pin "$work/keys/vault.kek"
  as desk person enrol --rider 9 --face "$faces" --rows 0
  as T1 person show --rider 1
  as desk person show --rider 1
  as operator policy publish --file "$work/keys/vault.kek"
  as operator tariff publish --file "$work/pin"
  cp "$work/obverse.toml" "$work/wrong.toml"
  sed -i "s|^certificate = .*|certificate = \"$work/keys/obversed.key\"|" "$work/wrong.toml"
  "$bin/obversed" --config "$work/wrong.toml" --check >"$work/said/check" 2>&1 || true
  "$bin/obversed" --config "$work/keys/vault.kek" --check >>"$work/said/check" 2>&1 || true
  as operator server status
}

audit_the_day() {
  local live=(--server "127.0.0.1:$port" --certificate "$work/keys/auditor.pem"
    --key "$work/keys/auditor.key" --authority "$work/keys/authority.pem")
  "$bin/obverse-audit" verify "${live[@]}" >"$work/said/audit" 2>&1 || true
  "$bin/obverse-audit" explain --rider 1 "${live[@]}" >>"$work/said/audit" 2>&1 || true
}

# search <what> <folder>: one check a secret.
search() {
  local name pattern file found
  while IFS=$'\t' read -r name pattern file; do
    found=$(grep -rlaP "$pattern" "$2" | head -3 | tr '\n' ' ') || true
    check "no $name in $1" "$([ -z "$found" ] && echo 0 || echo 1)" "found in $found"
  done <"$work/needles"
}

# A search that finds nothing proves something only if it can find.
search_can_find() {
  local name pattern file
  while IFS=$'\t' read -r name pattern file; do
    check "$name is found where it is" "$(grep -qaP "$pattern" "$file"; echo $?)" "not in $file"
  done <"$work/needles"
}

crash_leaves_no_core() {
  local control
  control=$work/control
  mkdir -p "$control"
  # shellcheck disable=SC2016
  { (cd "$control" && ulimit -c unlimited && bash -c 'kill -ABRT $$') || true; } &>/dev/null
  kill -ABRT "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=''
  if [ -z "$(ls -A "$control")" ]; then
    skip "a crash leaves no core" "this machine writes no core of any process here"
    return
  fi
  rm -rf "$control"
  local cores
  cores=$(find "$work" -maxdepth 1 -name 'core*')
  check "a crash leaves no core" "$([ -z "$cores" ]; echo $?)" "$cores"
}

planted_secrets() {
  step "planted secrets: a day at a real server, then a search"
  make_house
  start_server
  write_needles
  live_a_day
  audit_the_day
  local done_count
  done_count=$(grep -c '"outcome":"\(done\|paid\|entered\)"' "$work/said/commands" || true)
  check "the day was lived: $done_count commands did what they were to do" \
    "$([ "$done_count" -ge 16 ]; echo $?)" "see what they said: $(tail -3 "$work/said/commands")"
  search_can_find
  crash_leaves_no_core
  # shellcheck disable=SC2154
  if [ "$mutant" = log-talks ]; then cat "$work/pin" >>"$work/said/server.log"; fi
  search "logs, metrics, errors and answers" "$work/said"
  search "what is kept on disk" "$work/data"
}
