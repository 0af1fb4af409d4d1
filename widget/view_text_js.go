package widget

import "strconv"

// appendMessage writes a parsed message into the page: elements of a dozen
// kinds, text nodes, and one attribute that came from outside, the address of a
// link.
func (v *view) appendMessage(to element, nodes []Node) {
	for i := range nodes {
		n := &nodes[i]
		v.appendNode(to, n)
		switch n.Kind {
		case KindQuote, KindUnordered, KindOrdered:
			// Paragraphs find their direction by style; what has marks on one side needs the attribute.
			wrap(to.Get("lastChild")).SetAttribute("dir", "auto")
		}
	}
}

func (v *view) appendNodes(to element, nodes []Node) {
	for i := range nodes {
		v.appendNode(to, &nodes[i])
	}
}

func (v *view) appendNode(to element, n *Node) {
	tag := ""
	switch n.Kind {
	case KindText:
		appendText(to, n.Text)
		return
	case KindBreak:
		tag = "br"
	case KindStrong:
		tag = "strong"
	case KindEmphasis:
		tag = "em"
	case KindStrike:
		tag = "s"
	case KindCode:
		to.AppendChild(createText("code", "", "", n.Text))
		return
	case KindLink:
		v.appendLink(to, n)
		return
	case KindParagraph:
		tag = "p"
	case KindHeading:
		to.AppendChild(v.filled(create("p", "title", ""), n))
		return
	case KindQuote:
		tag = "blockquote"
	case KindUnordered:
		tag = "ul"
	case KindOrdered:
		list := create("ol", "", "")
		if n.Start != 1 {
			list.SetAttribute("start", strconv.Itoa(n.Start))
		}
		to.AppendChild(v.filled(list, n))
		return
	case KindItem:
		tag = "li"
	case KindCodeBlock:
		v.appendCode(to, n)
		return
	case KindRule:
		tag = "hr"
	case KindPlain:
		to.AppendChild(createText("p", "plain", "", n.Text))
		return
	default:
		return
	}
	to.AppendChild(v.filled(create(tag, "", ""), n))
}

// filled writes a node's children into its element. Most hold one text, which
// then needs no node of its own to be asked for.
func (v *view) filled(e element, n *Node) element {
	if len(n.Children) == 1 && n.Children[0].Kind == KindText {
		e.SetTextContent(n.Children[0].Text)
	} else {
		v.appendNodes(e, n.Children)
	}
	return e
}

// appendLink writes a link, whose address is checked once more where it goes
// into the page; what fails is text.
func (v *view) appendLink(to element, n *Node) {
	address, ok := SafeURL(n.URL)
	if !ok {
		v.appendNodes(to, n.Children)
		return
	}
	a := create("a", "", "")
	a.SetAttribute("href", address)
	to.AppendChild(v.filled(a, n))
}

// appendCode writes a code block. Its copy button has no text: nothing but what
// was said stands in a bubble.
func (v *view) appendCode(to element, n *Node) {
	box := create("div", "code", "")
	pre := create("pre", "", "")
	pre.SetAttribute("dir", "ltr")
	pre.SetAttribute("tabindex", "0") // a long line can be scrolled by keys
	pre.AppendChild(createText("code", "", "", n.Text))
	copier := createButton("copy", "", "", "copy")
	copier.SetAttribute("aria-label", v.words.Get("copy"))
	copier.AppendChild(icon("M9 9h11v11H9z", "M5 15H4V4h11v1"))
	box.AppendChild(copier)
	box.AppendChild(pre)
	to.AppendChild(box)
}
