package backend

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // registers "go"
)

// Variable names the environment variable that chooses a backend when no name is
// given, written as for Open.
const Variable = "GOMLX_BACKEND"

// goConfig opens the Go backend without op-level parallelism, which can deadlock.
const goConfig = "go:ops_sequential"

var (
	// ErrUnknown is returned for a backend name that is neither Go nor XLA.
	ErrUnknown = errors.New("backend: unknown name")
	// ErrUnavailable is returned when the backend asked for cannot be opened here.
	ErrUnavailable = errors.New("backend: not available")
)

// Kind tells the families of backends apart.
type Kind int

const (
	Go  Kind = iota // pure Go, always there
	XLA             // XLA through a PJRT plugin
)

// String returns "go" or "xla".
func (k Kind) String() string {
	if k == XLA {
		return "xla"
	}
	return "go"
}

// Backend is an open GoMLX backend and how it was chosen. It is safe for
// concurrent use: several graphs may run on it at once.
type Backend struct {
	compute.Backend
	Kind   Kind
	Device string // as in Info
	Config string // what GoMLX was asked for, for example "go:ops_sequential"
	Reason string // why this one, for people

	shelf *shelf
}

// Info describes one backend that could be opened on this computer.
type Info struct {
	Name   string // what to pass to Open
	Kind   Kind
	Device string // "cpu", "cuda" or what else the plugin's name says
	Detail string // where the plugin was found and its version, or what is compiled in
}

// Open opens the backend called name: "go", "xla", "xla:cpu", "xla:cuda" or
// "xla:/absolute/path.so"; options of GoMLX's may follow, as in
// "xla:cuda,preallocate". An empty name chooses as the package comment says;
// then a plugin that fails to load is skipped and named in Reason.
//
// Errors wrap ErrUnknown or ErrUnavailable.
func Open(name string) (*Backend, error) { return OpenFor(name, math.Inf(1)) }

// fewStates is the number of states up to which a network is moved in time on the
// Go backend sooner than XLA has been loaded and has compiled its graphs, which
// takes it 0.3 s of the processor and up to a second with others at work. With 40
// states (birth-death) the Go backend takes 0.7 s in all and XLA 0.95 s; with
// 2,400 (gene-expression) XLA takes 0.84 of the Go backend's time.
const fewStates = 1000

// OpenFor is Open for one job on a model of so many states, which counts when the
// choice is free: XLA would compile longer than a very small job takes.
func OpenFor(name string, states float64) (*Backend, error) {
	if name != "" {
		return open(name, "asked for by name")
	}
	if v := os.Getenv(Variable); v != "" {
		b, err := open(v, "chosen by "+Variable)
		if err != nil {
			return nil, fmt.Errorf("%w (from the environment variable %s=%s; unset it for an automatic choice)", err, Variable, v)
		}
		return b, nil
	}
	reason := "no XLA plugin is installed"
	var skipped []string
	skip := func(p Plugin, why any) {
		skipped = append(skipped, fmt.Sprintf("plugin %s was skipped: %v", p.Path, why))
	}
	found := Plugins()
	if states <= fewStates && len(found) > 0 {
		reason = fmt.Sprintf("%.0f states are few: XLA would compile longer than they take", states)
		found = nil
	}
	for _, p := range found {
		if !hasXLA {
			skip(p, "this program was built with CGO_ENABLED=0")
			continue
		}
		if p.Device == "cuda" && !hasGPU() {
			skip(p, "there is no NVIDIA GPU here")
			continue
		}
		b, err := open("xla:"+p.Path, fmt.Sprintf("the %s plugin %s is installed", p.Device, p.Path))
		if err == nil {
			if len(skipped) > 0 {
				b.Reason += "; " + strings.Join(skipped, "; ")
			}
			return b, nil
		}
		skip(p, err)
	}
	if len(skipped) > 0 {
		reason = strings.Join(skipped, "; ")
	}
	return open("go", reason)
}

// Installed lists the backends that Open would find, in its order of preference.
// It loads no plugin.
func Installed() []Info {
	var list []Info
	for _, p := range Plugins() {
		detail := p.Place
		if p.Version != "" {
			detail += ", version " + p.Version
		}
		list = append(list, Info{Name: "xla:" + p.Path, Kind: XLA, Device: p.Device, Detail: detail})
	}
	return append(list, Info{Name: "go", Kind: Go, Device: "cpu", Detail: goDetail()})
}

// Devices describes the devices on which the backend computes.
func (b *Backend) Devices() []string {
	var list []string
	for i := range b.NumDevices() {
		list = append(list, b.DeviceDescription(compute.DeviceNum(i)))
	}
	return list
}

// Products returns the backend for products of large matrices in float64 whose
// factors come from the host: b itself, but Go in the place of XLA for the CPU, whose
// products take 2 to 3 times as long as those of the Go backend with SIMD (512×5090 by
// its transpose, two cores: 188 ms against 66 ms with the plugin of xla-cpu-pjrt 0.0.1).
func (b *Backend) Products() (*Backend, error) {
	if b.Kind != XLA || b.Device != "cpu" || !SIMD {
		return b, nil
	}
	return Kept(b, "backend: products", func() (*Backend, error) { return open("go", "products of matrices") })
}

// Line returns one line for people that says which backend is used and why.
func (b *Backend) Line() string {
	line := fmt.Sprintf("backend %s (%s)", b.Kind, b.Reason)
	if b.Kind == Go && !SIMD {
		line += "; built without GOEXPERIMENT=simd: matrix products are 4 to 17 times slower"
	}
	return line
}

func open(name, reason string) (*Backend, error) {
	kind, rest, _ := strings.Cut(name, ":")
	switch kind {
	case "go":
		config := goConfig
		if rest != "" && !slices.Contains(strings.Split(rest, ","), "ops_sequential") {
			config += "," + rest
		}
		return try(Go, config, reason)
	case "xla":
		if !hasXLA {
			return nil, fmt.Errorf("%w: %q needs cgo, and this program was built with CGO_ENABLED=0; build it with cgo or use \"go\"", ErrUnavailable, name)
		}
		path, options, _ := strings.Cut(rest, ",")
		if !filepath.IsAbs(path) {
			p, err := called(path)
			if err != nil {
				return nil, err
			}
			rest = strings.TrimSuffix(p.Path+","+options, ",")
			path = p.Path
		}
		if info, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%w: plugin file %s: %v", ErrUnavailable, path, err)
		} else if info.IsDir() {
			return nil, fmt.Errorf("%w: %s is a folder; name the plugin's file in it", ErrUnavailable, path)
		}
		if deviceOf(path) == "cuda" && !strings.Contains(options, "tf32") {
			rest += ",tf32=false" // it would round factors of single precision to 10 bits
		}
		if err := prepareXLA(path); err != nil {
			return nil, fmt.Errorf("%w: %v", ErrUnavailable, err)
		}
		b, err := try(XLA, "xla:"+rest, reason)
		if err == nil {
			b.Device = deviceOf(path)
		}
		return b, err
	}
	return nil, fmt.Errorf("%w %q; use \"go\", \"xla\", \"xla:cpu\", \"xla:cuda\" or \"xla:/absolute/path.so\"", ErrUnknown, name)
}

// try opens config and turns the panics of drivers into errors.
func try(kind Kind, config, reason string) (b *Backend, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("%w: opening %q failed: %v", ErrUnavailable, config, r)
		}
	}()
	c, err := compute.NewWithConfig(config)
	if err != nil {
		return nil, fmt.Errorf("%w: opening %q failed: %v", ErrUnavailable, config, firstLine(err))
	}
	return &Backend{Backend: c, Kind: kind, Device: "cpu", Config: config, Reason: reason, shelf: &shelf{}}, nil
}

// firstLine drops the stack trace that GoMLX errors print.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func goDetail() string {
	if SIMD {
		return "pure Go with SIMD, " + runtime.GOARCH
	}
	return "pure Go without SIMD, " + runtime.GOARCH
}
