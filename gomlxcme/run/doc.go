// Package run keeps what a computation leaves behind: the result directory, its record, its progress and its checkpoints.
//
// A result directory holds
//
//	run.json        the record: command, model, every setting, seed, versions, times, status, error bounds per output time
//	moments.csv     time,species,mean,sd,mean_se,sd_se
//	marginals.csv   time,species,count,probability: every count with probability > 0
//	progress.jsonl  one line per step while the computation runs
//	checkpoint/     what a resumed computation needs
//
// Two promises are kept for every file but progress.jsonl, which only grows. A reader never sees half a file: bytes go to
// a temporary name in the same folder, are synced, and the name is changed in one step, after which the folder is synced
// too. And a run that is killed at any moment can be resumed to the same bytes: the record carries a [Record.Fingerprint]
// of everything that influences the result (not the number of workers), and [Begin] lets a run continue only when the
// fingerprints agree. One process at a time may write: it holds a lock that the kernel releases when the process dies.
//
// Writing is [Begin], [Dir.SaveCheckpoint] and [Dir.Finish]; reading is [Open], which answers with
// [dist.Snapshot] values, so that a stored run and a fresh one can be used alike, for instance in [Compare].
//
// [Hook] is how solvers report progress; [Silence], [Tee], [NewLog] (JSON lines) and [NewBar] (a terminal) are its values.
//
// The package needs a Unix-like system (file locks and processor times come from there).
package run
