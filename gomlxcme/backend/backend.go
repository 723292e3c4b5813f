package backend

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/compute/gobackend" // registers "go"
)

// Variable names the environment variable that chooses a backend when no name is
// given, in GoMLX's own syntax: "go", "xla", "xla:cuda" or "xla:/path/plugin.so".
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
	Config string // what GoMLX was asked for, for example "go:ops_sequential"
	Reason string // why this one, for people
}

// Info describes one backend that could be opened on this computer.
type Info struct {
	Name   string // what to pass to Open
	Kind   Kind
	Detail string // plugin path, or what is compiled in
}

// Open opens the backend called name: "go", "xla", "xla:PLUGIN" or
// "xla:/absolute/path.so". An empty name chooses as the package comment says;
// then a plugin that fails to load is skipped and named in Reason.
//
// Errors wrap ErrUnknown or ErrUnavailable.
func Open(name string) (*Backend, error) {
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
	var skipped []string
	for _, plugin := range plugins() {
		b, err := open("xla:"+plugin, "plugin "+plugin+" is installed")
		if err == nil {
			return b, nil
		}
		skipped = append(skipped, fmt.Sprintf("plugin %s was skipped: %v", plugin, err))
	}
	reason := "no XLA plugin is installed"
	if len(skipped) > 0 {
		reason = strings.Join(skipped, "; ")
	}
	return open("go", reason)
}

// Installed lists the backends that Open would find, in its order of preference.
// It loads no plugin.
func Installed() []Info {
	var list []Info
	for _, plugin := range plugins() {
		list = append(list, Info{Name: "xla:" + plugin, Kind: XLA, Detail: "PJRT plugin " + plugin})
	}
	return append(list, Info{Name: "go", Kind: Go, Detail: goDetail()})
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
		if rest == "" {
			found := plugins()
			if len(found) == 0 {
				return nil, fmt.Errorf("%w: no XLA plugin is installed; use \"go\", or put a PJRT plugin into ~/.local/lib/go-xla or name it as xla:/absolute/path.so", ErrUnavailable)
			}
			rest = found[0]
		}
		if path, _, _ := strings.Cut(rest, ","); strings.HasPrefix(path, "/") {
			if _, err := os.Stat(path); err != nil {
				return nil, fmt.Errorf("%w: plugin file %s: %v", ErrUnavailable, path, err)
			}
		}
		return try(XLA, "xla:"+rest, reason)
	}
	return nil, fmt.Errorf("%w %q; use \"go\", \"xla\", \"xla:PLUGIN\" or \"xla:/absolute/path.so\"", ErrUnknown, name)
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
	return &Backend{Backend: c, Kind: kind, Config: config, Reason: reason}, nil
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
