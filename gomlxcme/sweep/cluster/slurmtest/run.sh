#!/bin/bash
# Runs a sweep of 16 points on a real Slurm cluster of one node: installs Debian's packages where they are missing, starts the daemons on
# loopback without systemd, submits what "cme sweep slurm" writes, sends a running task the signal that comes before its time limit, so that
# it keeps a checkpoint and is queued again, and checks the tables that the merge job makes. "make test-slurm" calls it with the path of cme.
set -euo pipefail
cme=$(realpath "${1:?usage: run.sh CME}")

skip() { echo "test-slurm: skipped, $*"; exit 0; }
[ "$(id -u)" = 0 ] || skip "the daemons need root"
if ! command -v slurmctld slurmd sbatch munged >/dev/null; then
  command -v apt-get >/dev/null || skip "slurmctld, slurmd, slurm-client and munge are not installed, and there is no apt"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurmctld slurmd slurm-client munge; } >/dev/null 2>&1 ||
    skip "slurmctld, slurmd, slurm-client and munge could not be installed"
fi
pgrep -x slurmctld >/dev/null && skip "a slurmctld runs here already"

work=$(mktemp -d /tmp/cme-slurm.XXXXXX)
chmod 755 "$work"
mkdir "$work/state" "$work/spool" "$work/munge"
pids=()
finish() {
  code=$?
  [ "$code" = 0 ] || tail -n 20 "$work"/*.log "$work"/sweep/slurm/*.out 2>/dev/null || true
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT

# munge, with a key, a socket and a user of its own
chown munge "$work/munge"
dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chown munge "$work/munge/key" && chmod 400 "$work/munge/key"
runuser -u munge -- munged --foreground --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --seed-file="$work/munge/seed" --log-file="$work/munge/log" >"$work/munged.log" 2>&1 &
pids+=($!)

node=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
SchedulerParameters=sched_interval=2,batch_sched_delay=0
KillWait=10
MinJobAge=600
NodeName=$node NodeAddr=127.0.0.1 CPUs=2 Boards=1 SocketsPerBoard=1 CoresPerSocket=2 ThreadsPerCore=1 State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf

# await SECONDS TEXT COMMAND... waits until the command succeeds.
await() {
  local left=$1 text=$2
  shift 2
  until "$@"; do
    [ "$left" -gt 0 ] || { echo "test-slurm: waited in vain until $text"; return 1; }
    left=$((left - 1))
    sleep 1
  done
}

await 60 "munge answers" test -S "$work/munge/socket"
slurmctld -D >"$work/ctld.log" 2>&1 &
pids+=($!)
slurmd -D -N "$node" >"$work/d.log" 2>&1 &
pids+=($!)
idle() { sinfo -h -o %T 2>/dev/null | grep -q idle; }
await 120 "the node is up" idle

# 15 quick points, and one (index 0) that takes long enough to be stopped in the middle.
{
  cat <<'SPEC'
title: Sixteen ensembles
solver: ssa
model: birth-death
settings: {times: [100, 400]}
points:
  - {param.birth: 0.1, runs: 2000000}
SPEC
  for i in $(seq 11 25); do echo "  - {param.birth: 0.$i, runs: 2000}"; done
} >"$work/sweep.yaml"
cp "$work/sweep.yaml" "$work/alone.yaml"
"$cme" sweep slurm "$work/sweep.yaml" --time 30m --grace 60s
sh "$work/sweep/slurm/submit.sh" | tee "$work/jobs"
array=$(sed -E 's/array job ([0-9]+), merge job ([0-9]+)/\1/' "$work/jobs")
merge=$(sed -E 's/array job ([0-9]+), merge job ([0-9]+)/\2/' "$work/jobs")

# The signal that Slurm sends before the time limit, when the long point has a checkpoint.
kept() { compgen -G "$work/sweep/points/*/*/run/checkpoint/state" >/dev/null; }
await 300 "the long point has a checkpoint" kept
scancel --signal=USR1 --batch "${array}_0" 2>/dev/null || true # it asks again when the task is on its way out, and is refused
again() { grep -q 'task 0 is queued again' "$work/sweep/slurm/0.out"; }
await 120 "the task is queued again" again
pending() { squeue -h -r -j "${array}_0" -o %T 2>/dev/null | grep -q PENDING; }
await 60 "the task is pending" pending
squeue -r || true
"$cme" sweep status "$work/sweep"
scontrol update JobId="${array}_0" StartTime=now || true # Slurm would wait for two minutes

done_() { grep -q 'written to' "$work/sweep/slurm/merge.out" 2>/dev/null; }
await 420 "the merge has made the tables" done_
cat "$work/sweep/slurm/merge.out"
grep -q '16 points: 16 complete' "$work/sweep/slurm/merge.out"
state=$(scontrol show job "$merge" | sed -nE 's/.*JobState=([A-Z]+).*/\1/p' | head -n 1)
restarts=$(scontrol show job "${array}_0" | sed -nE 's/.*Restarts=([0-9]+).*/\1/p' | head -n 1)
echo "merge job $state, task 0 restarted $restarts times"
[ "$restarts" = 1 ]

# The same sweep without Slurm and without a stop has the same table, to the byte.
"$cme" sweep local "$work/alone.yaml" --quiet
"$cme" sweep merge "$work/alone.yaml" --quiet
cmp "$work/sweep/results.parquet" "$work/alone/results.parquet"
echo "test-slurm: passed: 16 points, one stopped and queued again in the middle; the table is that of a run without Slurm"
