// Package hosting has configurations of web servers and hosts for the files of web/dist. A site owner copies them;
// web/docs/hosting.md has a line about each. The tests of web/e2e/hosting run the servers.
package hosting

import (
	"embed"
	"strings"
)

//go:embed nginx.conf nginx-socket.conf Caddyfile apache.conf lighttpd.conf _headers 404.html vercel.json cloudfront.json s3.sh
var files embed.FS

// What a site owner replaces in a configuration.
const (
	Host       = "cdn.example.com"  // the name of the host of the files
	Folder     = "/srv/chat"        // the folder with the files
	SocketHost = "chat.example.com" // the name of the proxy for the widget's connection
)

// Headers are those that a host should send with every answer, also with errors.
var Headers = map[string]string{
	"Access-Control-Allow-Origin":  "*",
	"Cross-Origin-Resource-Policy": "cross-origin",
	"X-Content-Type-Options":       "nosniff",
}

// Text returns a configuration. The arguments after its name are pairs of a text and its replacement. Text panics if
// there is no such file.
func Text(name string, replacements ...string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic("hosting: " + err.Error())
	}
	return strings.NewReplacer(replacements...).Replace(string(text))
}
