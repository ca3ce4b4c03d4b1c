#!/usr/bin/env bash
# The memory of a run while its input grows: `benches/memory_curve.sh PROGRAM ARTICLES.jsonl OUT.csv BYTES [OPTION…]`.
#
# The articles are repeated into a pipe until they are so many bytes; every second a row of OUT.csv says how many seconds
# have gone by, how many bytes were read, and how much memory the program has (resident, and the most so far, in kB). The
# features go to a file, so that what is written is not kept in memory by whoever reads it. At the end the totals are told.
set -euo pipefail
program=$1 articles=$2 out=$3 bytes=$4
shift 4
size=$(stat -c %s "$articles")
repeats=$(((bytes + size - 1) / size))
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/pipe"
(for ((i = 0; i < repeats; i++)); do cat "$articles"; done) > "$folder/pipe" &
/usr/bin/time -f '%e s, %U s user, %S s system, %M kB at most' -o "$folder/time" \
  "$program" map -q --input-format jsonl --id-field '' "$@" -o "$folder/map.geojsonl" - < "$folder/pipe" &
timed=$!
started=$SECONDS
echo "seconds,bytes,resident,peak" > "$out"
while kill -0 "$timed" 2> /dev/null; do
  sleep 1
  process=$(pgrep -P "$timed" || true)
  [[ -n "$process" && -r "/proc/$process/status" ]] || continue
  read_so_far=$(sed -n 's/^rchar: //p' "/proc/$process/io" 2> /dev/null || true)
  memory=$(sed -n 's/^Vm\(RSS\|HWM\):[^0-9]*\([0-9]*\) kB/\1 \2/p' "/proc/$process/status" 2> /dev/null || true)
  peak=$(sed -n 's/^HWM //p' <<< "$memory")
  resident=$(sed -n 's/^RSS //p' <<< "$memory")
  [[ -z "$resident" ]] || echo "$((SECONDS - started)),$read_so_far,$resident,$peak" >> "$out"
done
wait "$timed"
echo "$((repeats * size)) bytes of $repeats times $(basename "$articles"), $(wc -l < "$folder/map.geojsonl") features of $(stat -c %s "$folder/map.geojsonl") bytes: $(cat "$folder/time")"
