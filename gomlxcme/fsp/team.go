package fsp

import "sync"

// operator is 1 + Q/Λ of a set of states.
type operator interface {
	size() int
	lambda() float64
	// diagonal is element i of the diagonal.
	diagonal(i int) float64
	// multiply does the job for the rows lo … hi−1.
	multiply(j job, lo, hi int)
	// split returns the bounds of the rows of at most so many workers: worker w has rows bounds[w] … bounds[w+1]−1.
	split(workers int) []int
}

// job is one product: dst = scale · (1 + Q/Λ) p − old and sum += weight · dst. old may be nil, and may be dst itself.
type job struct {
	dst, p, old, sum []float64
	scale, weight    float64
}

// finish stores row i, whose product with the matrix is v.
func (j *job) finish(i int, v float64) {
	if j.old != nil {
		v = j.scale*v - j.old[i]
	}
	j.dst[i] = v
	j.sum[i] += j.weight * v
}

// team multiplies with several goroutines, each with its own rows; the result does not depend on their number.
type team struct {
	op     operator
	bounds []int
	jobs   []chan job
	wait   sync.WaitGroup
}

// worthSharing is the smallest number of matrix elements for which a second goroutine pays.
const worthSharing = 1 << 14

func newTeam(op operator, workers int) *team {
	t := &team{op: op, bounds: op.split(workers)}
	for w := 1; w < len(t.bounds)-1; w++ {
		jobs := make(chan job, 1)
		t.jobs = append(t.jobs, jobs)
		go func() {
			for j := range jobs {
				op.multiply(j, t.bounds[w], t.bounds[w+1])
				t.wait.Done()
			}
		}()
	}
	return t
}

func (t *team) multiply(j job) {
	t.wait.Add(len(t.jobs))
	for _, jobs := range t.jobs {
		jobs <- j
	}
	t.op.multiply(j, t.bounds[0], t.bounds[1])
	t.wait.Wait()
}

// close ends the goroutines.
func (t *team) close() {
	for _, jobs := range t.jobs {
		close(jobs)
	}
}
