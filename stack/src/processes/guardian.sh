# Runs one server and sees to it that the server ends when the supervisor does, however the supervisor ends.
#
#   sh guardian.sh PID_FILE GRACE_SECONDS COMMAND [ARGUMENT ...] < pipe from the supervisor
#
# Nothing is ever written to the pipe. When it closes, because the supervisor closed it or was killed, the
# server is asked to stop (TERM), once more every two seconds because one that is only just starting may miss it, and
# after GRACE_SECONDS it is made to (KILL). The guardian's exit status is the server's.

pid_file=$1
grace_seconds=$2
shift 2

exec 3<&0
"$@" </dev/null 3<&- &
server=$!
# A signal to the guardian itself is passed on; it interrupts `wait`, which then has to be taken up again. Before the pid
# file is there: whoever sees that may send one.
trap 'kill -TERM "$server" 2>/dev/null' HUP INT TERM
echo "$server" >"$pid_file.new" && mv "$pid_file.new" "$pid_file"

(
  while read -r _; do :; done
  kill -TERM "$server" 2>/dev/null
  ticks=$((grace_seconds * 5))
  while [ "$ticks" -gt 0 ] && kill -0 "$server" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks - 1))
    [ $((ticks % 10)) -ne 0 ] || kill -TERM "$server" 2>/dev/null
  done
  kill -KILL "$server" 2>/dev/null
) <&3 &
watcher=$!
exec 3<&- </dev/null

wait "$server"
status=$?
while kill -0 "$server" 2>/dev/null; do
  wait "$server"
  status=$?
done
kill "$watcher" 2>/dev/null
rm -f "$pid_file"
exit "$status"
