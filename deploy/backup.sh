#!/bin/sh
# Dump the database at once and then every night at 02:00 UTC; keep KEEP_DAYS days of dumps.
set -u

dump() {
    target="/backups/tepai-$(date -u +%Y%m%dT%H%M%SZ).dump"
    # A dump has its name only once it is whole.
    if pg_dump --format=custom --dbname=tepai --file="$target.half" && mv "$target.half" "$target"
    then
        echo "backup: $target"
        find /backups -name 'tepai-*.dump' -mtime "+${KEEP_DAYS:-14}" -exec rm -f {} +
    else
        echo "backup: failed; the older dumps stay" >&2
        rm -f "$target.half"
    fi
}

seconds_until_two() {
    now=$(date -u +%s)
    echo $((86400 - (now - 7200) % 86400))
}

trap 'exit 0' TERM INT
while :; do
    dump
    sleep "$(seconds_until_two)" &
    wait $!
done
