#!/bin/bash
# Makes RESULTS.md: trains what is not there yet, follows it, and prints the tables.
#
#   make build && gomlxcme/reduced/results.sh > gomlxcme/reduced/RESULTS.md
#
# CME is the program, OUT where runs are kept, PUBLISHED the folder with the files that were published with the source, BACKEND that of the large networks.
# It takes about 25 min of processor time, half of which the deep networks and those for receptors do, beside 40 min for the data sets ip3 and receptors-small.
set -e
cme=${CME:-bin/cme}
out=${OUT:-out/reduced}
published=${PUBLISHED:-../shared/data/ip3}
large=${BACKEND:-xla:cpu}

fit() { # name, arguments
  [ -f "$out/$1/study.json" ] || $cme reduced fit "${@:2}" --out "$out/$1" --resume --quiet >&2
}
network() { # name, study, arguments
  [ -f "$out/$1/losses.csv" ] || $cme reduced train "$out/$2" "${@:3}" --out "$out/$1" --resume --quiet >&2
  follow "$1" "$1-followed" "$2"
}
follow() { # networks, name, study
  [ -f "$out/$2/scores.csv" ] || $cme reduced integrate "$out/$1" --study "$out/$3" --backend "$large" --out "$out/$2" --resume --quiet >&2
}
table() { # arguments
  local where=()
  for a in "$@"; do case $a in --*) where+=("$a");; *) where+=("$out/$a");; esac; done
  $cme reduced report "${where[@]}"
  echo
}

mkdir -p "$out"
$cme data make ip3 --quiet >&2
$cme data make receptors-small --quiet >&2
fit published --published "$published"
fit published-receptors --experiment receptors --published "$published"
fit own ip3 --scale own
fit own-receptors receptors-small --experiment receptors

network reactions published --seeds 10
network parameters published --inputs parameters --seeds 10
network reactions-deep published --network deep --seeds 3 --backend "$large"
network parameters-deep published --network deep --inputs parameters --seeds 3 --backend "$large"
network reactions-own own --seeds 10
network parameters-own own --inputs parameters --seeds 10
network reactions-rollout published --rollout --seeds 10 --backend "$large"
network reactions-validated published --validate 0.7 --seeds 10
network reactions-sparse published --sparsity 0.05 --seeds 3
network reactions-sparser published --sparsity 0.2 --seeds 3
network reactions-two published --candidate "Ca + X -> 2 Ca" --candidate "X + Ca -> 2 X" --seeds 10
network receptors-reactions published-receptors --seeds 5 --backend "$large"
network receptors-parameters published-receptors --inputs parameters --seeds 5 --backend "$large"
network receptors-rollout published-receptors --rollout --rollout-updates 40 --rollout-kick 0.02 --rollout-shrink 0 --rollout-rate 3e-4 --seeds 5 --backend "$large"
for n in receptors-reactions receptors-parameters receptors-rollout; do follow $n $n-beyond own-receptors; done

cat <<'END'
# Results of the reduced models

Made by `gomlxcme/reduced/results.sh`, with the pure-Go backend for shallow networks and XLA's CPU plugin for large ones. Numbers are mean squared errors of W and b of calcium along paths
of 401 Euler steps: the median over networks, and their mean with a 95 % band. "First value kept" is the error of a path that does not move; ✗ marks medians that are no better. "Learned"
conditions were trained with, "validated" ones chose the epoch, and the others were not seen. Networks keep their last epoch unless said; those of the source kept the one that did
best in the conditions that they are judged by here.

## Different concentrations of IP3, published series

Ten shallow networks of each kind (25 units, 200 epochs), with approximations of 12 reactions or with the parameters themselves. Of the conditions that were not learned from, one value a second
is published and compared.

END
table reactions-followed parameters-followed "--published=$published"
cat <<'END'
Three deep networks of each kind (8 layers of 500 parametric units, 25 epochs):

END
table reactions-deep-followed parameters-deep-followed "--published=$published"
cat <<'END'
How far calcium swings over the last 30 s: lowest and highest mean ∓ standard deviation, in µM.

END
table reactions-followed parameters-followed reactions-deep-followed --swing
cat <<'END'
## The same from our own runs

1200 runs of our simulator at each concentration (`cme data make ip3`), standardised by their own first and last condition. No published file is read.

END
table reactions-own-followed parameters-own-followed
cat <<'END'
## Trained further over many steps

The ten shallow networks with reactions, trained further by paths of 200 steps whose beginnings are kicked aside, with weights that shrink. Length, kick and shrinking were chosen with three of these
networks by looking at the conditions beyond 1.4 µM: their errors here are no independent test.

END
table reactions-rollout-followed reactions-followed
cat <<'END'
## A validation that is no test

0.7 µM is left out of the training and chooses the epoch; nothing is chosen by the conditions outside.

END
table reactions-validated-followed
cat <<'END'
## Which reactions matter

Three networks each with `--sparsity` 0.05 and 0.2: the norm of the first weights of each reaction's inputs, where 0 is a reaction that was left out. Pairs like birth and death of one kind move W
and b in opposite ways, so that either can stand for both. The two that are kept by all, alone, follow below, with ten networks.

END
echo "| reaction | sparsity 0.05 | sparsity 0.2 |"
echo "| --- | --- | --- |"
norms() { # name
  awk -F, 'NR > 1 { if (!($2 in n)) order[++k] = $2; n[$2] = n[$2] (n[$2] == "" ? "" : ", ") sprintf("%.2g", $3) } END { for (i = 1; i <= k; i++) print order[i] "|" n[order[i]] }' \
    "$out/$1/reactions.csv"
}
paste -d '|' <(norms reactions-sparse) <(norms reactions-sparser | cut -d '|' -f 2) | sed 's/|/ | /g; s/^/| /; s/$/ |/'
echo
table reactions-sparse-followed reactions-sparser-followed reactions-two-followed
cat <<'END'
## Different numbers of receptors

Five networks of each kind (5 layers of 150 units, 25 epochs), trained on the published series at 500 to 1000 receptors; means over seven concentrations of IP3.

END
table receptors-reactions-followed receptors-parameters-followed receptors-rollout-followed "--published=$published"
cat <<'END'
At 2000 to 5000 receptors the source's series are not among the published files: these are 20 runs of our simulator in each condition (`cme data make receptors-small`), a fifth of the source's, so that
the error contains noise of the series themselves: about W²/20, 0.003 at 5000 receptors. In the last column the five networks with
reactions were trained further by 40 updates over paths of 200 steps, with a small kick and weights that do not shrink; the settings that suit different IP3 made them worse, so that these
were chosen by looking at the same conditions.

END
table receptors-reactions-beyond receptors-parameters-beyond receptors-rollout-beyond "--published=$published"
