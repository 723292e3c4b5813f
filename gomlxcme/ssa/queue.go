package ssa

// queue is a binary heap of reactions with the earliest one on top, which also knows where in the heap each reaction stands.
type queue struct {
	times []float64 // of each reaction
	heap  []int32   // reactions
	place []int32   // of each reaction in heap
}

func newQueue(n int) *queue {
	q := &queue{times: make([]float64, n), heap: make([]int32, n), place: make([]int32, n)}
	for i := range q.heap {
		q.heap[i], q.place[i] = int32(i), int32(i)
	}
	return q
}

// first is the reaction with the earliest time. There is at least one reaction.
func (q *queue) first() (k int, t float64) {
	k = int(q.heap[0])
	return k, q.times[k]
}

// order makes a heap of the times, from the same arrangement every time, so that ties never depend on the past.
func (q *queue) order() {
	for i := range q.heap {
		q.heap[i], q.place[i] = int32(i), int32(i)
	}
	for i := len(q.heap)/2 - 1; i >= 0; i-- {
		q.sink(i)
	}
}

// set changes the time of a reaction.
func (q *queue) set(k int, t float64) {
	old := q.times[k]
	q.times[k] = t
	if t < old {
		q.rise(int(q.place[k]))
	} else {
		q.sink(int(q.place[k]))
	}
}

func (q *queue) rise(i int) {
	k := q.heap[i]
	t := q.times[k]
	for i > 0 {
		up := (i - 1) / 2
		if q.times[q.heap[up]] <= t {
			break
		}
		q.put(i, q.heap[up])
		i = up
	}
	q.put(i, k)
}

func (q *queue) sink(i int) {
	k := q.heap[i]
	t := q.times[k]
	for {
		down := 2*i + 1
		if down >= len(q.heap) {
			break
		}
		if right := down + 1; right < len(q.heap) && q.times[q.heap[right]] < q.times[q.heap[down]] {
			down = right
		}
		if q.times[q.heap[down]] >= t {
			break
		}
		q.put(i, q.heap[down])
		i = down
	}
	q.put(i, k)
}

func (q *queue) put(i int, k int32) {
	q.heap[i], q.place[k] = k, int32(i)
}
