package widget

import "strconv"

// appendMessage writes a parsed message into the page: elements of a dozen
// kinds, text nodes, and one attribute that came from outside, the address of a
// link.
func appendMessage(to element, nodes []Node) {
	for i := range nodes {
		n := &nodes[i]
		appendNode(to, n)
		switch n.Kind {
		case KindQuote, KindUnordered, KindOrdered:
			// Paragraphs find their direction by style; what has marks on one side needs the attribute.
			wrap(to.Get("lastChild")).SetAttribute("dir", "auto")
		}
	}
}

func appendNodes(to element, nodes []Node) {
	for i := range nodes {
		appendNode(to, &nodes[i])
	}
}

func appendNode(to element, n *Node) {
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
		appendLink(to, n)
		return
	case KindParagraph:
		tag = "p"
	case KindHeading:
		to.AppendChild(filled(create("p", "title", ""), n))
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
		to.AppendChild(filled(list, n))
		return
	case KindItem:
		tag = "li"
	case KindCodeBlock:
		appendCode(to, n)
		return
	case KindRule:
		tag = "hr"
	case KindPlain:
		to.AppendChild(createText("p", "plain", "", n.Text))
		return
	default:
		return
	}
	to.AppendChild(filled(create(tag, "", ""), n))
}

// filled writes a node's children into its element. Most hold one text, which
// then needs no node of its own to be asked for.
func filled(e element, n *Node) element {
	if len(n.Children) == 1 && n.Children[0].Kind == KindText {
		e.SetTextContent(n.Children[0].Text)
	} else {
		appendNodes(e, n.Children)
	}
	return e
}

// appendLink writes a link, whose address is checked once more where it goes
// into the page; what fails is text.
func appendLink(to element, n *Node) {
	address, ok := SafeURL(n.URL)
	if !ok {
		appendNodes(to, n.Children)
		return
	}
	a := create("a", "", "")
	a.SetAttribute("href", address)
	to.AppendChild(filled(a, n))
}

// appendCode writes a code block. Its copy button has no text: nothing but what
// was said stands in a bubble.
func appendCode(to element, n *Node) {
	box := create("div", "code", "")
	pre := create("pre", "", "")
	pre.SetAttribute("dir", "ltr")
	pre.SetAttribute("tabindex", "0") // a long line can be scrolled by keys
	pre.AppendChild(createText("code", "", "", n.Text))
	copier := createButton("copy", "", "", "copy")
	copier.AppendChild(icon("M9 9h11v11H9z", "M5 15H4V4h11v1"))
	box.AppendChild(copier)
	box.AppendChild(pre)
	to.AppendChild(box)
}
