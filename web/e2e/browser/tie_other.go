//go:build !linux

package browser

import "syscall"

func tied() *syscall.SysProcAttr { return nil }
