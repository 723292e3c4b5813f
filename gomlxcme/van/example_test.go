package van_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// A network over two counts: its probabilities sum to 1, and quasi-random
// numbers turn into samples.
func ExampleModel() {
	b, err := backend.Open("go")
	if err != nil {
		fmt.Println(err)
		return
	}
	box, err := van.NewBox([]int{1, 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := van.New(b, box, van.NADE{Hidden: 4}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	theta := m.Init(rand.New(rand.NewPCG(1, 1)))

	all, _ := box.Enumerate(100)
	logp := make([]float64, len(all)/2)
	if err := m.LogProb(logp, theta, all); err != nil {
		fmt.Println(err)
		return
	}
	sum := 0.0
	for _, v := range logp {
		sum += math.Exp(v)
	}

	u, x := make([]float64, 2*1000), make([]int32, 2*1000)
	van.NewSequence([]float64{0.5, 0.5}).Next(u)
	if err := m.Sample(x, theta, u, nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v\n%d states, total probability %.6f, %d samples\n", m.Arch, len(logp), sum, len(x)/2)
	// Output:
	// nade(hidden=4, features=6, heads=spline(knots=14, free-below=12, flat=[]))
	// 62 states, total probability 1.000000, 1000 samples
}
