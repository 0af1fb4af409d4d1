package markdown

// linkText appends the text s to nodes, with its e-mail addresses and phone numbers as links. It subtracts their number
// from left.
func linkText(nodes []Node, s string, left *int) []Node {
	start := 0
	for i := 0; i < len(s) && *left > 0; i++ {
		step(1)
		c := s[i]
		if c > '@' || c == ' ' {
			continue // no address or number begins with it
		}
		begin, end, url := 0, 0, ""
		switch {
		case c == '@':
			begin, end = emailAt(s, start, i)
			url = "mailto:" + s[begin:end]
		case (c == '+' || c == '(' || isDigit(c)) && numberBegins(s, i):
			begin = i
			if end, url = phoneAt(s, i); url == "" {
				end = numberAt(s, i)
			}
		}
		if begin == end || c == '@' && url == "" {
			continue
		}
		if start < begin {
			nodes = append(nodes, Node{Kind: KindText, Text: s[start:begin]})
		}
		if url == "" {
			nodes = append(nodes, Node{Kind: KindNumber, Text: s[begin:end]})
		} else {
			nodes = append(nodes, Node{Kind: KindLink, URL: url, Children: []Node{{Kind: KindText, Text: s[begin:end]}}})
		}
		start = end
		i = end - 1
		*left--
	}
	if start < len(s) {
		nodes = append(nodes, Node{Kind: KindText, Text: s[start:]})
	}
	return nodes
}
