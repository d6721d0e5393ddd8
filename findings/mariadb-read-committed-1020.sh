#!/usr/bin/env bash
# MariaDB 11.8 answers error 1020 at READ COMMITTED when a locking SELECT with a subquery has waited for a row.
#
# Seen with: mariadb-server 1:11.8.9+ds-0+deb13u1 of Debian 13, 29 November 2026.
# Input:     at READ COMMITTED, "select ..., (select ... from line where ...) from counter where id in (1, 2) order by id
#            for update", while another transaction holds row 2, changes it, adds its line and commits.
# Expected:  READ COMMITTED never asks for a repetition because a row was changed: innodb_snapshot_isolation, which is
#            on by default since 11.6.2, is documented for REPEATABLE READ. The row comes as it was committed.
# Behaviour: the statement that waited fails with 1020, ER_CHECKREAD. Without the subquery it succeeds.
#            MariaDB 10.11.19 and MySQL 9.7.4 answer row 2 as it is now, and NULL for its line: the subquery reads what
#            was there before the wait.
# Output:    without a subquery: 1 10, 2 9
#            with a subquery: error 1020
#
# Needs root, Debian or Ubuntu with mmdebstrap, and two minutes. Exits with 0 when it is still so, else with 1.
set -euo pipefail
folder=$(mktemp -d)
chmod 755 "$folder"
server=
trap 'kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; rm -rf "$folder"' EXIT
# A mirror may lag behind: the signature of its list is checked, its age is not.
mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
  --include=mariadb-server=1:11.8.9+ds-0+deb13u1 trixie "$folder/root"
echo "127.0.0.1 localhost $(hostname)" >"$folder/root/etc/hosts"
mkdir "$folder/root/tmp/data"
chroot "$folder/root" mariadb-install-db --no-defaults --datadir=/tmp/data \
  --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve --user=root >/dev/null
chroot "$folder/root" mariadbd --no-defaults --datadir=/tmp/data --socket=/tmp/socket --skip-networking \
  --user=root 2>/dev/null &
server=$!
sql() { chroot "$folder/root" mariadb --no-defaults --socket=/tmp/socket --user=root -N "$@"; }
until sql -e 'select 1' >/dev/null 2>&1; do sleep 0.5; done

try() {
  sql -e "drop database if exists shop; create database shop; use shop;
    create table counter (id int primary key, amount int not null, last_line int not null);
    create table line (id int, number int, amount_after int not null, primary key (id, number));
    insert into counter values (1, 10, 1), (2, 10, 1); insert into line values (1, 1, 10), (2, 1, 10);"
  sql shop -e "set transaction isolation level read committed; start transaction;
    update counter set amount = 9, last_line = 2 where id = 2; insert into line values (2, 2, 9);
    select sleep(4); commit" >/dev/null &
  local other=$!
  sleep 2
  sql shop -e "set transaction isolation level read committed; start transaction;
    select id, amount$1 from counter where id in (1, 2) order by id for update; commit" 2>&1 |
    sed -E 's/^ERROR ([0-9]+).*/error \1/; s/\t/ /g' | paste -sd, | sed 's/,/, /g'
  wait "$other"
}
{
  echo "without a subquery: $(try '')"
  echo "with a subquery: $(try ', (select amount_after from line where line.id = counter.id and number = last_line)')"
} | tee "$folder/output"
diff "$folder/output" - <<'EXPECTED'
without a subquery: 1 10, 2 9
with a subquery: error 1020
EXPECTED
