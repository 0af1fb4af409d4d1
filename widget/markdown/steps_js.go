package markdown

// step counts nothing in the page.
func step(int) {}
