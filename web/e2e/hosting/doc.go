// Package hosting has tests that run the web servers of Debian with the configurations of web/hosting, and open chats
// whose files come from them. There is no code outside of the tests.
package hosting
