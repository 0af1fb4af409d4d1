package browser

import "syscall"

// tied lets a program end with the thread that starts it, and so with this process, however that ends.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
