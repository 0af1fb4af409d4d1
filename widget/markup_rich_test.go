//go:build !js

package widget

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// bubble returns the nodes of an agent's message as HTML, without the row around its bubble.
func bubble(t *testing.T, text string, set func(*rowMarkup, *chat.Row)) string {
	t.Helper()
	words := words.New()
	var w nodeBuilder
	clock := func(ms int64) string { return fmt.Sprint("clock ", ms) }
	m := &rowMarkup{markup: markup{nodeBuilder: &w}, words: &words, clock: clock, date: clock}
	r := chat.Row{Key: "k", Text: text}
	if set != nil {
		set(m, &r)
	}
	m.row(&r, rowID(7), false)
	_, html, _ := strings.Cut(asHTML(t, w.Buf), "<div part=bubble>")
	return strings.TrimSuffix(html, "</></>")
}

func TestTableRows(t *testing.T) {
	got := bubble(t, "|a|b|c|\n|:-|:-:|-:|\n|**1**|2|", nil)
	want := "<div class=table data-name=Table dir=auto><table part=table><thead><tr><th scope=col><span>a</></><th class=center scope=col><span>b</></><th class=end scope=col><span>c</></></></>" +
		"<tbody><tr><td><span><strong>1</></></><td class=center><span>2</></><td class=end><span></></></></></></>"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := bubble(t, "| |b|\n|-|-|\n|1|2|", nil); !strings.Contains(got, "<tr><td><span></></><th ") {
		t.Errorf("a header cell without text: %s", got)
	}
}

func TestTaskRows(t *testing.T) {
	got := bubble(t, "- [x] one\n- [ ] two\n- three", nil)
	want := "<ul dir=auto><li class=task><span aria-label=Done class=tick+done role=img></><p>one</></><li class=task><span aria-label=Not+done class=tick role=img></><p>two</></><li><p>three</></></>"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestPictureRows checks which pictures are shown, and that all others are links.
func TestPictureRows(t *testing.T) {
	hosts := []string{"cdn.example.com", "*.pics.example"}
	for url, shown := range map[string]bool{
		"https://cdn.example.com/a.png":        true,
		"https://CDN.example.com:443/a.png":    true,
		"https://cdn.example.com./a.png":       true,
		"https://a.pics.example/b":             true,
		"https://a.b.pics.example/b":           true,
		"https://pics.example/b":               false,
		"https://evilpics.example/b":           false,
		"https://cdn.example.com.evil.example": false,
		"https://evil.example/cdn.example.com": false,
		"http://cdn.example.com/a.png":         false,
	} {
		got := bubble(t, "![A roof]("+url+")", func(m *rowMarkup, _ *chat.Row) { m.imageHosts = hosts })
		want := "<p><a href=" + url + " rel=noopener+noreferrer+nofollow target=_blank"
		if shown {
			want = strings.Replace(want, "<a ", "<a class=picture ", 1) + "><img alt=A+roof decoding=async loading=lazy referrerpolicy=no-referrer src=" + url + "></></></>"
		} else {
			want = strings.Replace(want, "<a ", "<a dir=auto ", 1) + ">A roof</></>"
		}
		if got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
	if got := bubble(t, "![](https://a.pics.example/b)", func(m *rowMarkup, _ *chat.Row) { m.imageHosts = hosts }); !strings.Contains(got, "alt=Image ") {
		t.Errorf("without a description: %s", got)
	}
}

// TestReplyRows checks that answers are buttons in the last message only.
func TestReplyRows(t *testing.T) {
	const text = "Which?\n[Asphalt](reply:) [Metal](reply:)\n[Tile](reply:) or [other](reply:)"
	button := func(label string) string {
		return "<button data-do=reply dir=auto type=button>" + label + "</>"
	}
	group := func(labels ...string) string {
		s := "<span aria-label=Suggested+messages class=replies part=replies role=group>"
		for _, label := range labels {
			s += button(label)
		}
		return s + "</>"
	}
	want := "<p>Which?<br></>" + group("Asphalt", "Metal", "Tile") + " or " + group("other") + "</>"
	if got := bubble(t, text, func(_ *rowMarkup, r *chat.Row) { r.Live = true }); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := bubble(t, text, nil); got != "<p>Which?<br></>Asphalt Metal<br></>Tile or other</>" {
		t.Errorf("in an older message: %s", got)
	}
}

// TestOwnLinks checks which links open in the page's own tab.
func TestOwnLinks(t *testing.T) {
	for url, own := range map[string]bool{
		"https://shop.example/a":      true,
		"HTTPS://Shop.example":        true,
		"https://shop.example:8443/a": false,
		"http://shop.example/a":       false,
		"https://a.shop.example/":     false,
		"tel:+15550142000":            false,
	} {
		got := bubble(t, "[a]("+url+")", func(m *rowMarkup, _ *chat.Row) { m.ownPage = "https://shop.example/pricing?x#y" })
		if strings.Contains(got, "target=_blank") == own || !strings.Contains(got, "rel=noopener") {
			t.Errorf("%s: %s", url, got)
		}
	}
}
