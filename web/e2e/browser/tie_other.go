//go:build !linux

package browser

import "syscall"

// tied returns nil: programs are tied to this process only on Linux.
func tied() *syscall.SysProcAttr { return nil }
