#!/bin/bash
#SBATCH --job-name={{.Job}}
#SBATCH --array={{.Array}}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={{.CPUs}}
{{- if .Memory}}
#SBATCH --mem={{.Memory}}
{{- end}}
{{- if .Time}}
#SBATCH --time={{.Limit}}
{{- end}}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@{{.GraceSeconds}}
# Tasks of a parameter sweep. Before the time limit Slurm sends SIGUSR1: the point in hand keeps a checkpoint, and the task is
# queued again to go on from it. On SIGTERM it keeps a checkpoint, and whoever sent it decides what follows.
child=
caught=
again=
pass() { caught=yes; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null; }
trap 'again=yes; pass' USR1
trap pass TERM INT
export GOMAXPROCS="${SLURM_CPUS_PER_TASK:-{{.CPUs}}}"
{{quote .Program}} sweep run {{quote .Folder}} --per-task {{.PerTask}} &
child=$!
while :; do # a signal ends wait before the child ends
  caught=
  wait "$child"
  code=$?
  [ -z "$caught" ] && break
done
if [ "$code" = 130 ] && [ -n "$again" ]; then
  echo "task $SLURM_ARRAY_TASK_ID is queued again"
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && exit 0
fi
exit "$code"
