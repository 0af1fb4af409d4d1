// Package godebug stands in for internal/godebug in the WebAssembly build.
//
// The standard library asks it for the settings of the environment variable GODEBUG, of which a page
// has none, and counts their use for runtime/metrics, which nobody reads. The standard package links
// both, and a bisecting tool. In this one every setting has its default.
package godebug

// Setting is one key of GODEBUG.
type Setting struct {
	name string
}

// New returns the setting of that name; a leading "#" marks one that is not documented.
func New(name string) *Setting {
	return &Setting{name}
}

// Name returns the setting's name without its mark.
func (s *Setting) Name() string {
	if s.Undocumented() {
		return s.name[1:]
	}
	return s.name
}

// Undocumented reports whether the name was marked so.
func (s *Setting) Undocumented() bool {
	return s.name != "" && s.name[0] == '#'
}

// String returns the setting as GODEBUG would spell it.
func (s *Setting) String() string {
	return s.Name() + "="
}

// Value returns the empty string: the default.
func (s *Setting) Value() string {
	return ""
}

// IncNonDefault would count a use of a value other than the default, of which there is none.
func (s *Setting) IncNonDefault() {}
