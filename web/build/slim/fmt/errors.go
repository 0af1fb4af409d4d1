package fmt

// Errorf returns an error with the text of Sprintf. It wraps the errors that are operands of %w.
func Errorf(format string, args ...any) error {
	text := Sprintf(format, args...)
	switch wrapped := wrappedBy(format, args); len(wrapped) {
	case 0:
		return &plainError{text}
	case 1:
		return &wrapError{text, wrapped[0]}
	default:
		return &wrapErrors{text, wrapped}
	}
}

// wrappedBy returns the errors that are operands of %w.
func wrappedBy(format string, args []any) []error {
	var all []error
	arg := 0
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		d, n := parseDirective(format[i+1:])
		i += n
		if d.verb == '%' || n == 0 {
			continue
		}
		if d.verb == 'w' && arg < len(args) {
			if err, ok := args[arg].(error); ok {
				all = append(all, err)
			}
		}
		arg++
	}
	return all
}

type plainError struct{ text string }

func (e *plainError) Error() string { return e.text }

type wrapError struct {
	text string
	err  error
}

func (e *wrapError) Error() string { return e.text }
func (e *wrapError) Unwrap() error { return e.err }

type wrapErrors struct {
	text string
	errs []error
}

func (e *wrapErrors) Error() string   { return e.text }
func (e *wrapErrors) Unwrap() []error { return e.errs }
