// Package check compares what a site owner has with what the documentation says: the flow at the service, and the site
// with the widget's files. [Checker.Flow] holds a short conversation with the client that the page runs. [Checker.Site]
// fetches a page and the files. Both return a [Report]. "go run . check" prints it.
//
// What servers send is bounded, in bytes and in time. A report contains no text of a message, and no session id, token
// or phone number in full.
package check
