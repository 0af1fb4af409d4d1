//go:build !linux

package browser

import "syscall"

// tied returns nil, because only Linux can end a program with its parent.
func tied() *syscall.SysProcAttr { return nil }
