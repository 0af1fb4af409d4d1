// Package godebug replaces internal/godebug in the WebAssembly build.
//
// The standard library reads the settings of the environment variable GODEBUG through it. A page has no such variable,
// so each setting has its default here. The standard package would also link metrics and internal/bisect.
package godebug

// Setting is one key of GODEBUG.
type Setting struct {
	name string
}

// New returns the setting with a name. A name that begins with "#" marks an undocumented setting.
func New(name string) *Setting {
	return &Setting{name}
}

// Name returns the setting's name without "#".
func (s *Setting) Name() string {
	if s.Undocumented() {
		return s.name[1:]
	}
	return s.name
}

// Undocumented reports whether the setting is undocumented.
func (s *Setting) Undocumented() bool {
	return s.name != "" && s.name[0] == '#'
}

// String returns the setting in the syntax of GODEBUG: name=value.
func (s *Setting) String() string {
	return s.Name() + "="
}

// Value returns the empty string, which stands for the default.
func (s *Setting) Value() string {
	return ""
}

// IncNonDefault does nothing, because no setting has a value other than the default.
func (s *Setting) IncNonDefault() {}
