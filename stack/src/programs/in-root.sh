# Becomes a program that is installed in a root of its own.
#
#   unshare --mount --propagation private sh in-root.sh ROOT FOLDER COMMAND [ARGUMENT ...]
#
# Inside, FOLDER has the path that it has outside, and /proc and /dev are the machine's. Only this process sees the
# mounts, so they are gone with it, however it ends.
set -eu

root=$1
folder=$2
shift 2

mkdir -p "$root$folder"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind "$folder" "$root$folder"
exec chroot "$root" /usr/bin/env --chdir="$folder" PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp "$@"
