package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"plurachat/web/check"
)

// runCheck executes the command check: it compares a flow and a site with the documentation. It returns an error if
// something is wrong.
func runCheck(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	var o check.FlowOptions
	flags.StringVar(&o.Flow, "flow", "", "`id` of the flow to talk to; starts a conversation")
	flags.StringVar(&o.SocketURL, "socket-url", "", "another `URL` of the socket")
	flags.StringVar(&o.SessionURL, "session-url", "", "another `URL` of session initialisation")
	flags.StringVar(&o.Origin, "origin", "", "the page's `origin`, such as https://www.example.com: may it connect?")
	flags.StringVar(&o.Phone, "phone", "", "`number` such as +15551234567: also initialise a session with it")
	flags.StringVar(&o.Message, "message", "", "the one `text` to send")
	flags.BoolVar(&o.Quick, "quick", false, "leave out the 40 seconds of heartbeats")
	site := flags.String("site", "", "`URL` of a page with the widget, or of plura-chat.js")
	asJSON := flags.Bool("json", false, "print one JSON object")
	if err := parse(flags, args); err != nil {
		return err
	}
	if o.Flow == "" && *site == "" {
		return errors.New("check needs -flow with the id of a flow, or -site with the URL of a page, or both")
	}
	if o.Flow != "" {
		var err error
		if o, err = check.ParseFlowOptions(o); err != nil {
			return err
		}
	}
	checker := check.Checker{}
	if !*asJSON {
		checker.Heard = func(f check.Finding) { _ = f.WriteText(out) } // the summary reports a failure to write
	}
	var all check.Report
	if *site != "" {
		r, err := checker.Site(ctx, *site)
		if err != nil {
			return fmt.Errorf("-site: %w", err)
		}
		all.Findings = append(all.Findings, r.Findings...)
	}
	if o.Flow != "" && ctx.Err() == nil {
		if *asJSON {
			announce(os.Stderr, o)
		} else {
			announce(out, o)
		}
		r, err := checker.Flow(ctx, o)
		if err != nil {
			return err
		}
		all.Findings = append(all.Findings, r.Findings...)
	}
	return conclude(ctx, out, all, *asJSON)
}

// announce says what a check of a flow is about to send.
func announce(out io.Writer, o check.FlowOptions) {
	fmt.Fprintf(out, "This starts a conversation with flow %s, which appears in its inbox. It sends one message: %s\n",
		o.Flow, o.Message)
	if o.Phone != "" {
		fmt.Fprintln(out, "It initialises a session with the phone number.")
	}
	fmt.Fprintln(out)
}

// conclude prints the report, or its summary where the findings were printed already. It returns an error if something
// is wrong.
func conclude(ctx context.Context, out io.Writer, r check.Report, asJSON bool) error {
	var err error
	if asJSON {
		err = r.WriteJSON(out)
	} else {
		stopped := ""
		if ctx.Err() != nil {
			stopped = " (stopped before the end)"
		}
		_, err = fmt.Fprintf(out, "\n%d right, %d odd, %d wrong, %d skipped%s\n",
			r.Count(check.Right), r.Count(check.Odd), r.Count(check.Wrong), r.Count(check.Skipped), stopped)
	}
	switch {
	case err != nil:
		return fmt.Errorf("printing the report: %w", err)
	case ctx.Err() != nil:
		return ctx.Err()
	case r.Failed():
		return fmt.Errorf("%d of %d findings: wrong", r.Count(check.Wrong), len(r.Findings))
	}
	return nil
}
