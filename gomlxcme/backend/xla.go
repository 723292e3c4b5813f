//go:build cgo

package backend

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void keep_pages(void) { mallopt(M_MMAP_THRESHOLD, 1 << 30); mallopt(M_TRIM_THRESHOLD, 1 << 30); }
#else
static void keep_pages(void) {}
#endif
*/
import "C"

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx/go-xla/compute/xla"
)

const hasXLA = true

// prepareXLA makes ready what the driver reads when it loads a plugin.
//
// The wheels of JAX keep CUDA's libraries in nvidia/ beside the packages. The
// plugin finds those by itself; the compiler's own files it must be told, and the
// driver, which looks elsewhere, would only warn.
func prepareXLA(plugin string) error {
	xla.EnableAutoInstall(false) // nothing is downloaded at run time
	if deviceOf(plugin) == "cpu" {
		// XLA allocates the results of a graph anew at each call. The C library gives
		// blocks above 32 MB back to the system at once, and their pages come back one by
		// one as they are written: scores of 512 states and 9984 parameters, 41 MB, took 3.3
		// times as long.
		C.keep_pages()
	}
	if deviceOf(plugin) != "cuda" {
		return nil
	}
	const flag = "--xla_gpu_cuda_data_dir="
	packages := filepath.Dir(filepath.Dir(filepath.Dir(plugin)))
	toolkits, _ := filepath.Glob(filepath.Join(packages, "nvidia", "cu[0-9]*"))
	flags := os.Getenv("XLA_FLAGS")
	if len(toolkits) == 0 || strings.Contains(flags, flag) {
		return nil
	}
	if err := os.Setenv("XLA_FLAGS", strings.TrimSpace(flags+" "+flag+toolkits[0])); err != nil {
		return err
	}
	return os.Setenv("GOPJRT_CUDA_CHECKS", "0")
}
