#!/bin/bash
#SBATCH --job-name={{.Job}}-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
# Makes the tables when all tasks have ended, and fails if points failed or are missing.
exec {{quote .Program}} sweep merge {{quote .Folder}}
