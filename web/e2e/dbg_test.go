package e2e
import ("testing";"plurachat/protocol/protocoltest";"time")
func TestDbg(t *testing.T) {
	s := newSite(t, protocoltest.Options{})
	tab, console := framedPage(t, s, s.URL, "")
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	time.Sleep(4*time.Second)
	t.Log(console(), tab.state(), eval[string](tab, root+`.querySelector("div").outerHTML`))
	t.Log(eval[string](tab, `JSON.stringify(performance.getEntriesByType("resource").map(e=>[e.name,e.responseStatus]))`))
}
