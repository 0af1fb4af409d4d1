// Package e2e holds the browser tests. They do in a real browser what visitors do on a site owner's page, with the dist
// as it is published. The package is a module of its own, so that the widget does not depend on the browser drivers.
package e2e
