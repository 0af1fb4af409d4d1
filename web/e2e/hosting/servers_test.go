package hosting

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plurachat/web/hosting"
)

// server is a web server with a configuration of web/hosting.
type server struct {
	name    string
	program string
	files   []string // files of Debian's packages that must be there too
	// setUp writes the server's files into a folder and returns the arguments that start it in the foreground. addr is
	// the address to listen on.
	setUp func(dir, addr string) ([]string, error)
	// encodings are those that the server sends, the best one first.
	encodings []string
}

// Files of Debian's nginx: its types, and its module for files that are compressed by brotli.
const (
	types        = "/etc/nginx/mime.types"
	brotliModule = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
)

// servers are those that the tests run.
var servers = []server{
	{"nginx", "nginx", []string{types}, func(dir, addr string) ([]string, error) {
		return nginx(dir, "", chatOn(addr, "nginx.conf"))
	}, []string{"gzip"}},
	{"nginx with brotli", "nginx", []string{types, brotliModule}, func(dir, addr string) ([]string, error) {
		site := strings.Replace(chatOn(addr, "nginx.conf"), "# brotli_static", "brotli_static", 1)
		return nginx(dir, "load_module "+brotliModule+";\n", site)
	}, []string{"br", "gzip"}},
	{"Caddy", "caddy", nil, caddy, []string{"br", "gzip"}},
	{"Apache", "apache2", []string{"/etc/apache2/mods-available/headers.load"}, apache, []string{"br", "gzip"}},
	{"lighttpd", "lighttpd", []string{"/usr/share/lighttpd/create-mime.conf.pl"}, lighttpd, []string{"br", "gzip"}},
}

// chatOn returns a configuration with the files of this test, on an address.
func chatOn(addr, name string) string {
	host, _, _ := strings.Cut(addr, ":") // tests reach a server through proxies of other ports
	return hosting.Text(name, hosting.Folder, folder, hosting.Host, host,
		"listen 80;", "listen "+addr+";", "*:80>", addr+">", `$HTTP["host"] == `, `$HTTP["host"] =~ `)
}

// write writes a file of a server.
func write(dir, name, text string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644)
}

// nginx has what Debian's nginx.conf has, and a configuration for what conf.d contains.
func nginx(dir, top, site string) ([]string, error) {
	text := top + fmt.Sprintf(`daemon off;
worker_processes 1;
worker_rlimit_nofile 30000;
pid %[1]s/pid;
error_log stderr;
events { worker_connections 15000; }
http {
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	access_log off;
	sendfile on;
	tcp_nopush on;
	types_hash_max_size 2048;
	include %[2]s;
	default_type application/octet-stream;
	gzip on;
	include %[1]s/site.conf;
}
`, dir, types)
	if err := write(dir, "site.conf", site); err != nil {
		return nil, err
	}
	return []string{"-p", dir, "-c", dir + "/nginx.conf", "-e", "stderr"}, write(dir, "nginx.conf", text)
}

func caddy(dir, addr string) ([]string, error) {
	site := hosting.Text("Caddyfile", hosting.Folder, folder, hosting.Host, "http://"+addr)
	return []string{"run", "--adapter", "caddyfile", "--config", dir + "/Caddyfile"},
		write(dir, "Caddyfile", "{\n\tadmin off\n}\n"+site)
}

// apacheModules are those that Debian enables, and the two that the first lines of apache.conf enable.
const apacheModules = "access_compat alias auth_basic authn_core authn_file authz_core authz_host authz_user " +
	"autoindex deflate dir env filter mime mpm_event negotiation reqtimeout setenvif headers rewrite"

func apache(dir, addr string) ([]string, error) {
	text := fmt.Sprintf(`ServerRoot /etc/apache2
DefaultRuntimeDir %[1]s
PidFile %[1]s/pid
ErrorLog /dev/stderr
ServerName localhost
User www-data
Group www-data
Listen %[2]s
`, dir, addr)
	for name := range strings.FieldsSeq(apacheModules) {
		text += fmt.Sprintf("Include mods-available/%s.load\nIncludeOptional mods-available/%[1]s.con[f]\n", name)
	}
	text += "Include " + dir + "/site.conf\n"
	if err := write(dir, "site.conf", chatOn(addr, "apache.conf")); err != nil {
		return nil, err
	}
	return []string{"-DFOREGROUND", "-f", dir + "/apache.conf"}, write(dir, "apache.conf", text)
}

// lighttpd has what Debian's lighttpd.conf has.
func lighttpd(dir, addr string) ([]string, error) {
	host, port, _ := strings.Cut(addr, ":")
	text := fmt.Sprintf(`server.modules = ( "mod_indexfile", "mod_access", "mod_alias", "mod_redirect" )
server.document-root = "%[1]s"
server.pid-file = "%[1]s/pid"
server.bind = "%[2]s"
server.port = %[3]s
index-file.names = ( "index.php", "index.html" )
url.access-deny = ( "~", ".inc" )
static-file.exclude-extensions = ( ".php", ".pl", ".fcgi" )
include_shell "/usr/share/lighttpd/create-mime.conf.pl"
include "%[1]s/site.conf"
server.modules += ( "mod_dirlisting", "mod_staticfile" )
`, dir, host, port)
	if err := write(dir, "site.conf", chatOn(addr, "lighttpd.conf")); err != nil {
		return nil, err
	}
	return []string{"-D", "-f", dir + "/lighttpd.conf"}, write(dir, "lighttpd.conf", text)
}

// worst is the least that a web server does: it knows no type for WebAssembly, compresses nothing, and sends no header
// for pages of other origins. page, if it is not empty, is the page at "/index.html".
func worst(page string) server {
	return server{"the worst", "nginx", []string{types}, func(dir, addr string) ([]string, error) {
		if err := write(dir, "index.html", page); err != nil {
			return nil, err
		}
		return nginx(dir, "", fmt.Sprintf(`server {
	listen %s;
	types { text/html html; application/javascript js; }
	gzip off;
	root %s;
	location = /index.html { root %s; }
}
`, addr, folder, dir))
	}, nil}
}

// each runs a test with each server that is installed, in parallel.
func each(t *testing.T, test func(t *testing.T, s server, url string)) {
	t.Helper()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(t, s, "http://"+s.run(t).addr)
		})
	}
}
