package browser

import "syscall"

// tied makes a program end with the thread that starts it, and thereby with this process, in whatever way the process
// ends.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
