package hosting

import (
	"context"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/e2e/browser"
	"plurachat/web/hosting"
)

// authorities is the file of nginx-socket.conf with the authorities that the system trusts.
const authorities = "/etc/ssl/certs/ca-certificates.crt"

// proxy is nginx with the configuration for the widget's connection, in front of a service. stock leaves out the line
// that makes nginx wait longer than its default for a frame.
func proxy(service *protocoltest.Server, stock bool) server {
	return server{"nginx's proxy", "nginx", []string{types}, func(dir, addr string) ([]string, error) {
		host, _, _ := strings.Cut(addr, ":")
		upstream := "http" + strings.TrimPrefix(service.SocketURL(), "ws")
		timeout := "proxy_read_timeout"
		if stock {
			timeout = "# proxy_read_timeout"
		}
		return nginx(dir, "", hosting.Text("nginx-socket.conf", "listen 80;", "listen "+addr+";", hosting.SocketHost, host,
			"https://wss.plura.ai", upstream, "https://hooks.plura.ai", upstream, "proxy_read_timeout", timeout))
	}, nil}
}

// TestSocketProxy opens a chat, with lead data, whose connection and session go through the proxy.
func TestSocketProxy(t *testing.T) {
	t.Parallel()
	s := service(t, protocoltest.Options{})
	through := proxy(s, false).run(t)
	files := servers[0].run(t)
	p := visit(t, owner(t, "http://"+files.addr+"/"+build.LoaderName, "ws://"+through.addr))
	p.wait(part("launcher"))
	if _, err := browser.Evaluate(p, `PluraChat.identify({phone: "+15551234567"}).then(() => null)`); err != nil {
		t.Fatal(err)
	}
	p.launch()
	p.ask("hello")
	p.quietly()
	if sessions := s.Sessions(); len(sessions) != 1 || s.Record(sessions[0]) == nil {
		t.Errorf("%d sessions, want one with lead data", len(sessions))
	}
}

// TestSocketProxyTrusts checks that the proxy passes nothing on to a service without a certificate of an authority that
// it trusts, or with one for another name. With the authorities as they are written, it does not trust this service.
func TestSocketProxyTrusts(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("here")) // fails only if the proxy has closed the connection
	}))
	upstream.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0) // the proxy refuses the certificate
	upstream.StartTLS()
	t.Cleanup(upstream.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: upstream.Certificate().Raw})
	name := upstream.Certificate().DNSNames[0]
	for _, c := range []struct {
		what, authorities, name string
		status                  int
	}{
		{"the service", "authority.pem", name, http.StatusOK},
		{"another name", "authority.pem", "other.test", http.StatusBadGateway},
		{"another authority", authorities, name, http.StatusBadGateway},
	} {
		s := server{"nginx's proxy", "nginx", []string{types, authorities}, func(dir, addr string) ([]string, error) {
			if err := write(dir, "authority.pem", string(authority)); err != nil {
				return nil, err
			}
			return nginx(dir, "", hosting.Text("nginx-socket.conf", "listen 80;", "listen "+addr+";",
				hosting.SocketHost, "127.0.0.1", authorities, c.authorities,
				"https://wss.plura.ai", upstream.URL, "https://hooks.plura.ai", upstream.URL,
				"proxy_ssl_name wss.plura.ai", "proxy_ssl_name "+c.name,
				"proxy_ssl_name hooks.plura.ai", "proxy_ssl_name "+c.name))
		}, nil}
		url := "http://" + s.run(t).addr
		for _, path := range []string{"/webchat/flow/x", "/webchat/session"} {
			if resp, body := ask(t, "GET", url+path); resp.StatusCode != c.status {
				t.Errorf("with %s, %s: %s %s, want %d", c.what, path, resp.Status, body, c.status)
			}
		}
	}
}

// TestHeldSocket leaves a chat alone for 90 seconds behind a proxy that closes a connection after 60 seconds without a
// frame, which is nginx's default. The widget's heartbeats hold its connection. A connection without heartbeats, at the
// same proxy, is closed: so the proxy does what the test supposes.
func TestHeldSocket(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes 90 seconds")
	}
	t.Parallel()
	const alone, stock = 90 * time.Second, 60 * time.Second
	s := service(t, protocoltest.Options{})
	through := proxy(s, true).run(t)
	files := servers[0].run(t)
	p := visit(t, owner(t, "http://"+files.addr+"/"+build.LoaderName, "ws://"+through.addr))
	p.launch()
	p.ask("hello")
	began := time.Now()

	silent := protocoltest.NewServer(protocoltest.Options{}) // not service, as this client violates the protocol
	defer silent.Close()
	closes := proxy(silent, true).run(t)
	ctx, cancel := context.WithTimeout(t.Context(), stock+patience)
	defer cancel()
	c, _, err := websocket.Dial(ctx, fmt.Sprintf("ws://%s/webchat/flow/%s/session/null/r/true", closes.addr, flow), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	for err == nil {
		_, _, err = c.Read(ctx)
	}
	if lived := time.Since(began); ctx.Err() != nil || lived < stock-10*time.Second {
		t.Errorf("a connection without heartbeats ended after %s, want %s: %v", lived, stock, err)
	}

	<-time.After(time.Until(began.Add(alone)))
	p.ask("still there?")
	p.quietly()
	if n := s.Dials(); n != 1 {
		t.Errorf("%d connections were opened in %s, want 1", n, time.Since(began))
	}
	t.Logf("one connection for %s, with %d heartbeats",
		time.Since(began).Round(time.Second), s.Count(protocoltest.Heartbeat))
}
