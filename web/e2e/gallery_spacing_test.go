package e2e

import "testing"

// textSpacing sets the spacing that a reader may need (WCAG 2.2, 1.4.12).
const textSpacing = `(root => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }" +
		"p { margin-bottom: 2em !important; }");
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	root.querySelector("[part~=input]").dispatchEvent(new InputEvent("input", {bubbles: true})); // it fits its height
	return true;
})(` + root + `)`

// cutTexts is an expression for the elements whose text does not fit into them. The log and the fields scroll, and a name
// that is too long for the header ends in an ellipsis.
const cutTexts = `[...` + root + `.querySelectorAll("[part=panel] *, [part=launcher], [part=teaser] *")].filter(node => {
	if (!node.getClientRects().length || !node.textContent.trim() || node.closest(".quiet, [aria-hidden=true], [part=heading]")) {
		return false;
	}
	const style = getComputedStyle(node), range = document.createRange();
	range.selectNodeContents(node);
	const text = range.getBoundingClientRect(), box = node.getBoundingClientRect();
	const cut = (overflow, size, room) => /hidden|clip/.test(overflow) && size > room + 1;
	return cut(style.overflowX, node.scrollWidth, node.clientWidth) || cut(style.overflowY, node.scrollHeight, node.clientHeight) ||
		node.matches("button") && text.width && (text.top < box.top || text.bottom > box.bottom || text.left < box.left || text.right > box.right);
}).map(node => (node.getAttribute("part") || node.className || node.tagName) + ": " + node.textContent.trim().slice(0, 60))`

// TestGalleryTextSpacing checks that no text is cut with the widest text spacing that a page must allow for.
func TestGalleryTextSpacing(t *testing.T) {
	_, s := newGallery(t)
	for _, state := range []string{
		"teaser", "launcher-text", "prechat-errors", "conversation", "answer-comparison", "jump", "contacts", "ask-end", "stopped",
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b := chromium.visitor(t).frame(s.URL, state, nil)
			for _, l := range []look{looks[0], {name: "narrow", width: 320, height: 640, scale: 2, touch: true, theme: "light"}} {
				b.as(l)
				eval[bool](b, textSpacing)
				b.pictureAs("spaced-"+l.name, state)
				if got := eval[string](b, `getComputedStyle(`+part("launcher")+`).letterSpacing`); got == "normal" {
					t.Fatalf("%s: the spacing is not set", l.name)
				}
				if cut := eval[[]string](b, cutTexts); len(cut) > 0 {
					t.Errorf("%s: texts that are cut: %q", l.name, cut)
				}
			}
		})
	}
}
