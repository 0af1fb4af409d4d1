// Package e2e holds the browser tests: what a visitor does on a site owner's page, done in a real browser
// to a real build. It is a module of its own so that the browser's driver stays out of the widget's
// dependencies.
package e2e
