#!/bin/bash
# P_B of Schlögl's model by every sampling of the network, beside the exact one: results, a table and a figure in DIR.
#   gomlxcme/rare/compare.sh [SITES [DIR [SAMPLING...]]]
# One voxel takes a minute, two take a quarter of an hour on a quiet computer.
set -euo pipefail
cd "$(dirname "$0")/../.."
sites=${1:-1}
dir=${2:-out/rare-$sites}
samplings=("${@:3}")
[ ${#samplings[@]} -gt 0 ] || samplings=(tempered vanilla mixture mixture-unweighted diffusive diffusive-unweighted alpha alpha-unweighted propagated history-bias full-sum)
[ -x bin/cme ] || make build
low="" high="" along=()
for i in $(seq "$sites"); do
  low+=",X$i<=15" high+=",X$i>=25" along+=(--along "X$i=1")
done
question=("schlogl:sites=$sites" --basin "A=${high:1}" --basin "B=${low:1}" --times 0.02,0.05,0.1,0.2,0.5,1 --quiet)
mkdir -p "$dir"
[ -e "$dir/exact/run.json" ] || bin/cme fsp "${question[@]}" --out "$dir/exact"
done=()
for s in "${samplings[@]}"; do
  options=(--sampling "${s%-unweighted}")
  [ "$s" = "${s%-unweighted}" ] || options+=(--unweighted)
  [ "$s" != history-bias ] || options+=("${along[@]}")
  if [ ! -e "$dir/$s/run.json" ] && ! bin/cme solve "${question[@]}" --backend go --seed 1 "${options[@]}" --out "$dir/$s" 2> "$dir/$s.log"; then
    echo "$s failed: $(tail -n 1 "$dir/$s.log")"
    continue
  fi
  [ -e "$dir/$s/rare.csv" ] && done+=("$dir/$s")
done
bin/cme rare "$dir/exact" "${done[@]}" --quantity 'P(B)' --plot "$dir/rare.svg" | tee "$dir/table.md"
