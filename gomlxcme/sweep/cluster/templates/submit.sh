#!/bin/sh
# Submits the tasks, and the merge that waits for them. Options go to both: sh submit.sh --partition=short
set -eu
job=$(sbatch --parsable --output={{quote (.Output "%a.out")}} "$@" {{quote .Folder}}/slurm/array.sh)
merge=$(sbatch --parsable --output={{quote (.Output "merge.out")}} --dependency=afterany:"${job%%;*}" "$@" {{quote .Folder}}/slurm/merge.sh)
echo "array job ${job%%;*}, merge job ${merge%%;*}"
