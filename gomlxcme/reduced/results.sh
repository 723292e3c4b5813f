#!/bin/bash
# Makes RESULTS.md: trains what is not there yet, follows it, and prints the tables.
#
#   make build && gomlxcme/reduced/results.sh > gomlxcme/reduced/RESULTS.md
#
# CME is the program, OUT where runs are kept, PUBLISHED the folder with the files that were published with the source, BACKEND that of the large networks.
# It takes about 40 min of processor time, half of which the deep networks and those for receptors do, beside 50 min for the data sets ip3, receptors-small and
# receptors-train. What is complete is not made again; what an earlier version followed must be removed first, and the message says so.
set -e
cme=${CME:-bin/cme}
out=${OUT:-out/reduced}
published=${PUBLISHED:-../shared/data/ip3}
large=${BACKEND:-xla:cpu}

fit() { # name, arguments
  [ -f "$out/$1/study.json" ] || $cme reduced fit "${@:2}" --out "$out/$1" --resume --quiet >&2
}
train() { # name, study, arguments
  [ -f "$out/$1/losses.csv" ] || $cme reduced train "$out/$2" "${@:3}" --out "$out/$1" --resume --quiet >&2
}
network() { # name, study, arguments
  train "$@"
  follow "$1" "$1-followed" "$2"
}
follow() { # networks, name, study, arguments
  if grep -qs '"status": "complete"' "$out/$2/run.json" && [ ! -f "$out/$2/together.csv" ]; then
    echo "results.sh: an earlier version made $out/$2, without together.csv; remove it (rm -r $out/$2) and run again" >&2
    exit 2
  fi
  [ -f "$out/$2/scores.csv" ] || $cme reduced integrate "$out/$1" --study "$out/$3" "${@:4}" --backend "$large" --out "$out/$2" --resume --quiet >&2
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
$cme data make receptors-train --quiet >&2
fit published --published "$published"
fit published-receptors --experiment receptors --published "$published"
fit own ip3 --scale own
fit own-receptors receptors-small --experiment receptors
fit own-both receptors-train receptors-small --experiment receptors --scale own
for m in logarithmic bounded; do # how networks see IP3 or the number of receptors
  fit published-$m --published "$published" --measure $m
  fit published-receptors-$m --published "$published" --experiment receptors --measure $m
done
fit published-receptors-linear --published "$published" --experiment receptors

network reactions published --seeds 10
network parameters published --inputs parameters --seeds 10
outside=0.1,0.2,0.3,1.1,1.2,1.3,1.4,1.5,1.6,1.7,1.8,1.9,2.0
network reactions-as-published published --validate "$outside" --seeds 10
network parameters-as-published published --inputs parameters --validate "$outside" --seeds 10
network reactions-deep published --network deep --seeds 3 --backend "$large"
network parameters-deep published --network deep --inputs parameters --seeds 3 --backend "$large"
network reactions-own own --seeds 10
network parameters-own own --inputs parameters --seeds 10
inside=0.4,0.5,0.6,0.7
held=0.8,0.9,1.0
train choose-none published --train "$inside" --seeds 3
follow choose-none choose-none-followed published --conditions "$held"
for how in "0 0" "0 1" "0 3" "0.03 0" "0.03 3" "0.1 3"; do
  name=choose-${how/ /-}
  train "$name" published --train "$inside" --rollout --rollout-kick "${how% *}" --rollout-shrink "${how#* }" --seeds 3 --backend "$large"
  follow "$name" "$name-followed" published --conditions "$held"
done
for m in logarithmic bounded; do
  train choose-$m published-$m --train "$inside" --seeds 3
  follow choose-$m choose-$m-followed published-$m --conditions "$held"
done
for m in linear logarithmic bounded; do
  train choose-receptors-$m published-receptors-$m --train 500,600,700 --seeds 3 --backend "$large"
  follow choose-receptors-$m choose-receptors-$m-followed published-receptors-$m --conditions 900,1000
done
network reactions-bounded published-bounded --seeds 10
fit own-receptors-bounded receptors-small --experiment receptors --measure bounded
train receptors-bounded published-receptors-bounded --seeds 10 --backend "$large"
follow receptors-bounded receptors-bounded-beyond own-receptors-bounded
for n in 1500 2500 3000 4000 4500; do # between those that receptors-small has; with fewer subunits there is more noise, and runs take less time
  [ -f "$out/runs-$n/simulated-v1.json" ] ||
    $cme reduced simulate --ip3 0.1,0.4,0.7,1.0,1.3,1.6,1.9 --receptors $n --runs $([ $n = 1500 ] && echo 30 || echo 10) --out "$out/runs-$n" --resume --quiet >&2
done
fit between-bounded "$out"/runs-{1500,2500,3000,4000,4500} --experiment receptors --measure bounded
fit between "$out"/runs-{1500,2500,3000,4000,4500} --experiment receptors
follow receptors-bounded receptors-bounded-between between-bounded
network reactions-rollout published --rollout --seeds 10 --backend "$large"
network reactions-rollout-looking published --rollout --rollout-kick 0.1 --seeds 10 --backend "$large"
for first in 1 11 21; do
  name=reactions-validated-$first
  network "${name%-1}" published --validate 0.7 --seed "$first" --seeds 10
done
network reactions-11 published --seed 11 --seeds 10
network reactions-sparse published --sparsity 0.05 --seeds 3
network reactions-sparser published --sparsity 0.2 --seeds 3
network reactions-two published --candidate "Ca + X -> 2 Ca" --candidate "X + Ca -> 2 X" --seeds 10
network receptors-reactions published-receptors --seeds 10 --backend "$large"
network receptors-parameters published-receptors --inputs parameters --seeds 5 --backend "$large"
network receptors-rollout published-receptors --rollout --rollout-updates 40 --rollout-kick 0.02 --rollout-shrink 0 --rollout-rate 3e-4 --seeds 5 --backend "$large"
network receptors-validated published-receptors --validate 800 --seeds 5 --backend "$large"
for n in receptors-reactions receptors-parameters receptors-rollout receptors-validated; do follow $n $n-beyond own-receptors; done
follow receptors-reactions receptors-reactions-between between
network receptors-own own-both --seeds 5 --backend "$large"
network receptors-own-parameters own-both --inputs parameters --seeds 5 --backend "$large"

cat <<'END'
# Results of the reduced models

Made by `gomlxcme/reduced/results.sh`, with the pure-Go backend for shallow networks and XLA's CPU plugin for large ones. Numbers are mean squared errors of W and b of calcium along paths
of 401 Euler steps: the median over networks, their mean with a 95 % band, and "together" that of all networks as one model, whose derivatives are the medians of theirs. "First value kept"
is the error of a path that does not move; ✗ marks what is no better. "Learned" conditions were trained with, "validated" ones chose the epoch, and the others were not seen.

What is a test of what: networks keep their last epoch, so that nothing outside the training chooses anything, and this is the default. In columns named `validated` one condition inside
the range, left out of the training, chose the epoch; that is as honest. In columns named `as-published` the conditions outside chose it, as in the source: their errors there are no test. Training
over many steps has settings that were chosen inside the range; in columns named `looking`, and with receptors, they were chosen by looking at the conditions outside, and errors there are no
test either.

## Different concentrations of IP3, published series

Ten shallow networks of each kind (25 units, 200 epochs), with approximations of 12 reactions or with the parameters themselves. Of the conditions that were not learned from, one value a second
is published and compared.

END
table reactions-followed parameters-followed "--published=$published"
cat <<'END'
Beyond the range single networks lose to the first value from 1.5 µM on. The ten with reactions together come to its level: 3.6e-3 on average from 1.4 to 2.0 µM, where keeping the first value errs by 3.9e-3. With
a concentration held out to choose the epoch they get below it ("A validation that is no test"). Nothing outside chose their training. One thing was changed after looking there: the derivatives of networks together were first
their mean. For these ten that gives 9.8e-4, for the next ten seeds 1.4e-2, because one that goes astray drags the mean along. So they are medians now.

Inside the range, networks with reactions are 2.7 times better than those without, by the means of ten. In the source they were 27 times better. The difference is the choice of the epoch. The source
kept the one that did best at the concentrations outside, and so do these networks, with the same seeds:

END
table reactions-as-published-followed parameters-as-published-followed "--published=$published"
cat <<'END'
Now reactions win by 28 inside the range, by medians (means: 115, because some networks without reactions are very bad). The epochs that were kept:

END
for n in reactions parameters; do
  echo "- $n: $(awk -F, '$5 == "true" { printf "%s%s", (n++ ? ", " : ""), $2 }' "$out/$n-as-published/losses.csv") of 200"
done
cat <<'END'

Of seven of the ten networks without reactions the one-step error outside the range is least in the first epochs, so that this choice stops them before they have learned. Trained to the end they are ten times better inside the
range and no worse outside it. So the published advantage inside the range is mostly that of a rule for stopping; what reactions are better at is what lies outside: up to 0.3 and beyond 1.4 µM, by
factors of 3 to 11 in the first table.

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

The ten shallow networks with reactions, trained further by 150 updates over paths of 200 steps. Whether the beginnings of the paths are kicked aside, and how much weights shrink, was chosen inside the
range: by three networks for each choice that had learned from 0.4 to 0.7 µM only, at 0.8, 0.9 and 1.0 µM. In the names, the kick stands before the shrinking.

END
table choose-none-followed choose-0-0-followed choose-0-1-followed choose-0-3-followed choose-0.03-0-followed choose-0.03-3-followed choose-0.1-3-followed
cat <<'END'
No kick and a shrinking of 3 is best by means and together, and the default. The kick of 0.1 that had been chosen by looking beyond 1.4 µM is the worst rollout here, no better together than no rollout,
and stands beside the default:

END
table reactions-rollout-followed reactions-rollout-looking-followed reactions-followed
cat <<'END'
What was chosen inside the range brings the medians from 1.4 to 2.0 µM down from 6.3e-3 to 5.0e-3 on average, and not below the first value, 3.9e-3; together they reach 4.3e-3, ten that were trained in single
steps 3.6e-3. What beat the first value there, 3.2e-3 and together 1.2e-3, had been chosen by looking. An honest rollout does not carry far.

END
cat <<'END'
## A validation that is no test

0.7 µM is left out of the training and chooses the epoch; nothing is chosen by the conditions outside. Three times ten networks, with seeds from 1, 11 and 21 on, and ten with seeds from 11 on that keep their
last epoch, to be compared with the first table.

END
table reactions-validated-followed reactions-validated-11-followed reactions-validated-21-followed reactions-11-followed
cat <<'END'
On average from 1.4 to 2.0 µM the first value errs by 3.9e-3, and ten validated networks together by 1.3e-3, 2.6e-3 and 7.3e-4: below it in all three sets, at every concentration in two of them, and in the second not
at 1.9 and 2.0 µM. Ten networks that keep their last epoch reach 3.7e-3 together with seeds from 11 on, 3.6e-3 with the first ten.

END
cat <<'END'
## Conditions in another measure

How far 2.0 µM or 5000 receptors lie beyond what networks have learned from depends on how they are told. `cme reduced fit --measure` shows them the logarithm in place of the count, or what is bounded: the share
c/(c + 0.13 µM) of sites that IP3 occupies, and 1/N of N receptors, in whose powers means and fluctuations of large systems expand. In widths of what was learned from, 2.0 µM is 1.7 beyond its end, 0.8 by its logarithm
and 0.4 bounded; 5000 receptors are 8, 2.3 and 0.8 beyond. Nothing else changes. The measure was chosen inside the range, by three networks each that learned from 0.4 to 0.7 µM at 0.8, 0.9 and 1.0 µM, and by three
that learned from 500, 600 and 700 receptors at 900 and 1000:

END
table choose-none-followed choose-logarithmic-followed choose-bounded-followed
table choose-receptors-linear-followed choose-receptors-logarithmic-followed choose-receptors-bounded-followed
cat <<'END'
Bounded is best in both, by 2.8 and 3.7 times in the medians. Outside, ten networks each, trained as before:

END
table reactions-bounded-followed reactions-followed
cat <<'END'
With IP3 the choice keeps part of what it promised: single networks beat the first value up to 1.7 µM, with counts up to 1.4. At 1.8 and 2.0 µM they err twice as much, since by their share of sites these are too much
like 1.0 µM, and all err alike, so that together they are no better. On average from 1.4 to 2.0 µM medians are 6.7e-3 in place of 6.3e-3, and the first value errs by 3.9e-3. Inside they lose a third, and at low IP3 some
go astray. With receptors it holds:
networks that learned from the published series at 500 to 1000 receptors are below the first value at 2000, 3500 and 5000, by median and together, and below the means that were published, which those that see the number
itself are not ("Different numbers of receptors").

END
table receptors-bounded-beyond "--published=$published"
cat <<'END'
At 1500 receptors from 30 runs of our own in each condition, at 2500 to 4500 from 10:

END
table receptors-bounded-between receptors-reactions-between "--published=$published"
cat <<'END'
So networks that see 1/N are within 1.22 times the published means (at 2500) at every number of receptors that was published, and below the first value everywhere.

Two networks of 25 units that learned from 20 runs of our own at 500, 700 and 1000 receptors err by 5.3e-3, 7.5e-3 and 6.6e-3 at 2000, 3500 and 5000, together by 2.6e-3, 2.2e-3 and 3.1e-3, where the first value errs by
3.0e-2, 1.8e-2 and 9.8e-3; if they see the number itself, by 2.8e-2, 0.13 and 0.30 (notebook 14).

END
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

Ten networks with reactions and five of each other kind (5 layers of 150 units, 25 epochs), trained on the published series at 500 to 1000 receptors; means over seven concentrations of IP3.

END
table receptors-reactions-followed receptors-parameters-followed receptors-rollout-followed "--published=$published"
cat <<'END'
At 2000 to 5000 receptors the source's series are not among the published files: these are 20 runs of our simulator in each condition (`cme data make receptors-small`), a fifth of the source's, so that
the error contains noise of the series themselves: 1.0e-3, 4.4e-4 and 2.8e-4 at 2000, 3500 and 5000 receptors by the formula of `study.Floor`. In the columns of the rollout five networks with
reactions were trained further by 40 updates over paths of 200 steps, with a small kick and weights that do not shrink, settings that were chosen by looking at the same conditions. In the last columns 800
receptors were left out of the training and chose the epoch.

END
table receptors-reactions-beyond receptors-parameters-beyond receptors-rollout-beyond receptors-validated-beyond "--published=$published"
cat <<'END'
## Different numbers of receptors, from our own runs

Five networks of each kind, trained on 20 runs of our simulator in each condition at 500, 700 and 1000 receptors (`cme data make receptors-train`), and judged by 20 at 2000, 3500 and 5000 (`receptors-small`).
Counts are standardised by our first and last condition. No published file is read.

END
table receptors-own-followed receptors-own-parameters-followed
cat <<'END'
With a fifth of the source's runs and half of its numbers of receptors, networks with reactions err six times more inside than on the published series, and single ones are lost outside. Together they beat the first
value at 2000 and 3500 receptors, not at 5000; those without reactions, which are better inside, nowhere outside.
END
