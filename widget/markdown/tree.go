package markdown

// treeBuilder makes nodes of tokens.
type treeBuilder struct {
	stack      []Node // the open nodes; the first one is the root
	flat       int    // number of open marks that become no node: they are nested too deep, or in an image's text
	links      int    // number of open links and images
	replies    int    // number of answers in the message so far
	plain      bool   // in an image's text, where marks are dropped
	plainDepth int    // the value of flat when plain was set
	pending    string // text without a node yet, of one token
	text       []byte // the same, of several tokens
	left       *int
}

// build returns the nodes of the tokens. It subtracts the links that it finds in text from left.
func (b *treeBuilder) build(tokens []token, left *int) []Node {
	root := Node{Children: make([]Node, 0, (len(tokens)+1)/2)}
	b.stack, b.flat, b.links, b.plain, b.left = append(b.stack[:0], root), 0, 0, false, left
	for i := range tokens {
		step(1)
		t := &tokens[i]
		switch t.kind {
		case tokenBreak:
			b.add(Node{Kind: KindBreak})
		case tokenCode:
			b.add(Node{Kind: KindCode, Text: t.text})
		case tokenAuto, tokenReply:
			n := Node{Kind: KindReply, Text: t.text}
			switch {
			case b.links > 0 || b.plain || t.kind == tokenReply && b.replies == MaxReplies:
				b.addText(t.text)
				continue
			case t.kind == tokenReply:
				b.replies++
			default:
				n = Node{Kind: KindLink, URL: t.url, Children: []Node{{Kind: KindText, Text: t.text}}}
			}
			b.add(n)
		case tokenOpen:
			b.open(KindLink, t.url)
		case tokenImage:
			b.open(KindImage, t.url)
		case tokenClose:
			b.close()
		case tokenText:
			for range t.closes {
				step(1)
				b.close()
			}
			b.addText(t.text)
			for j := len(t.opens) - 1; j >= 0; j-- {
				step(1)
				b.open(t.opens[j], "")
			}
		}
	}
	b.flush()
	return b.stack[0].Children
}

// open begins a node. An image whose address is no picture's is a link, and an image is text where no link is allowed.
func (b *treeBuilder) open(kind NodeKind, url string) {
	image := kind == KindImage
	if b.plain || b.flat > 0 || len(b.stack) > maxNesting || image && (url == "" || b.links > 0) {
		b.flat++
		if image && !b.plain {
			b.plain, b.plainDepth = true, b.flat
		}
		return
	}
	b.flush()
	if image {
		b.plain, b.plainDepth = true, 0
		if url[0] != 'h' {
			kind = KindLink
		}
	}
	if url != "" {
		b.links++
	}
	b.stack = append(b.stack, Node{Kind: kind, URL: url})
}

// close ends the innermost open node.
func (b *treeBuilder) close() {
	if b.plain && b.plainDepth == b.flat {
		b.plain = false
	}
	if b.flat > 0 {
		b.flat--
		return
	}
	b.flush()
	n := b.stack[len(b.stack)-1]
	b.stack = b.stack[:len(b.stack)-1]
	if n.URL != "" {
		b.links--
		if label := trimSpace(PlainText(n.Children)); label == "" {
			n.Children = []Node{{Kind: KindText, Text: n.URL}}
		} else {
			n.Beside = beside(label, n.URL)
		}
	}
	b.add(n)
}

// add appends a complete node.
func (b *treeBuilder) add(n Node) {
	if b.plain {
		if n.Kind == KindBreak {
			n.Text = " "
		}
		b.addText(n.Text)
		return
	}
	b.flush()
	if b.links > 0 {
		n.Text = WithoutBidi(n.Text)
	}
	top := &b.stack[len(b.stack)-1]
	top.Children = append(top.Children, n)
}

// addText appends to the pending text.
func (b *treeBuilder) addText(s string) {
	if b.pending == "" && len(b.text) == 0 {
		b.pending = s
		return
	}
	step(len(b.pending) + len(s))
	if b.pending != "" {
		b.text, b.pending = append(b.text, b.pending...), ""
	}
	b.text = append(b.text, s...)
}

// flush makes nodes of the pending text.
func (b *treeBuilder) flush() {
	s := b.pending
	if s == "" {
		if len(b.text) == 0 {
			return
		}
		step(len(b.text))
		s = string(b.text)
	}
	top := &b.stack[len(b.stack)-1]
	if b.links > 0 {
		if s = WithoutBidi(s); s == "" {
			b.pending, b.text = "", b.text[:0]
			return
		}
		top.Children = append(top.Children, Node{Kind: KindText, Text: s})
	} else {
		top.Children = linkText(top.Children, s, b.left)
	}
	b.pending, b.text = "", b.text[:0]
}
