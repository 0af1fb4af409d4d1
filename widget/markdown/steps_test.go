//go:build !js

package markdown

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pattern is a hostile message of any length: a repeated unit, followed by as many closings.
type pattern struct{ unit, closing string }

func (p pattern) text(size int) string {
	n := size/(len(p.unit)+len(p.closing)) + 1
	return strings.Repeat(p.unit, n) + strings.Repeat(p.closing, n)
}

// countSteps returns the number of steps to parse a text and to convert it to plain text. It stops at mostSteps per
// byte and then returns a number above that.
func countSteps(text string, marks int) (n int) {
	steps.n, steps.limit = 0, mostSteps*len(text)
	defer func() {
		n, steps.limit = steps.n, 0
		if r := recover(); r != nil && r != (tooManySteps{}) {
			panic(r)
		}
	}()
	PlainTextWithLinks(parse(text, marks))
	return 0
}

// mostSteps is the number of times that a byte may be looked at. Sixteen nested quotes or items look at a line once
// each, and so do 32 parentheses at an address; the table of entities is searched for each name.
const mostSteps = 120

// shorter returns a smaller size or number of rounds for short tests.
func shorter(n int) int {
	if testing.Short() {
		return n / 8
	}
	return n
}

// holdLinear parses a message of 10 KiB and doubles it up to the given size. No message may take more than mostSteps
// per byte, nor many more per byte than a shorter one. (A few more are allowed, because an odd and an even number of
// marks may differ.) Short tests use an eighth of the sizes.
func holdLinear(t *testing.T, p pattern, most, marks int) (worst int) {
	t.Helper()
	most = shorter(most)
	for size := shorter(10 << 10); ; size = min(2*size, most) {
		text := p.text(size)
		n := countSteps(text, marks)
		each := n / len(text)
		if n > mostSteps*len(text) || worst > 0 && each > worst+worst/4+5 {
			t.Errorf("%q and %q: %d steps for %d bytes, fewer than %d for each byte of a shorter text", p.unit, p.closing, n, len(text), worst+1)
		}
		worst = max(worst, each)
		if size >= most || t.Failed() {
			return worst
		}
	}
}

// stepMarks are texts that have a meaning for the parser, alone or in combination.
var stepMarks = []string{
	"*", "_", "~~", "`", "[", "]", "(", ")", "![", "](", "<", ">", "&", "\\",
	"#", "-", "+", "1.", "\n", " ", "\t", "@", ":", "/", ".", "|", "\"", "'",
	"```", "http://", "www.", "a", "é", "字", "$$", "<br>", "](reply:)", "|-|", "[ ] ",
}

// stepDelimiters is the number of stepMarks that may stand at both ends of something.
const stepDelimiters = 14

// stepPatterns are messages for which a careless parser takes long. FuzzMarkdownSteps found the last ones.
var stepPatterns = func() (all []pattern) {
	for _, unit := range hostile {
		all = append(all, pattern{unit, ""})
	}
	for _, a := range stepMarks[:stepDelimiters] {
		all = append(all, pattern{a + "a ", ""}, pattern{a + "\n", ""})
	}
	found := []pattern{
		{"www.a/(", ""}, {"https://-/(", ""}, {"https://./'", ""}, {"https://-?(", ""}, {"https://:/[", ""},
		{"www.-é", ""}, {"éwww.a", "@"}, {"éwww.a", ""},
		{"www.a?&;", ""}, {"www.a#(", ")"}, {"https://a@/(", ""}, {"&zz;", ""}, {"[a](&zz;", ""}, {"www.a/&zz;", ""}, {"[a](&a;", ")"},
		{"[x.éa](https://аaбвгдежзийклмн.b) ", ""}, {"https://аaбвгдежзийклмнопрстуфх.b ", ""}, {"[a.b ", "](https://a.b)"}, {"[a.b c.d\u202d](https://a.b)", ""},
		{`\(`, ""}, {`\[`, `\](`}, {"$$", "a"}, {`\(\\\)`, ""}, {"#www.$$www.", ""}, {".y", "#http://"},
	}
	return append(all, found...)
}()

// TestMarkdownSteps parses each pattern, and each pair of delimiters, with the limit of marks, and shorter ones
// without.
func TestMarkdownSteps(t *testing.T) {
	worst := 0
	for _, p := range stepPatterns {
		worst = max(worst, holdLinear(t, p, shorter(shorter(1<<20)), maxMarks), holdLinear(t, p, 20<<10, 1<<30))
	}
	for i, a := range stepMarks[:stepDelimiters] {
		for j, b := range stepMarks[:stepDelimiters] {
			if testing.Short() && (i+j)%3 > 0 {
				continue
			}
			worst = max(worst, holdLinear(t, pattern{a + b, ""}, 40<<10, maxMarks), holdLinear(t, pattern{a, b}, 20<<10, 1<<30))
		}
	}
	if len(stepPatterns) < 60 || worst > mostSteps {
		t.Errorf("%d patterns, at most %d steps for a byte", len(stepPatterns), worst)
	}
	t.Logf("%d patterns, at most %d steps for a byte", len(stepPatterns), worst)
}

// tablePatterns are messages of about n bytes with tables and answers for which a careless parser takes long.
var tablePatterns = map[string]func(n int) string{
	"wide rows": func(n int) string {
		return "|a|b|\n|-|-|\n" + strings.Repeat("|"+strings.Repeat("c|", n/200)+"\n", 100)
	},
	"wide header":   func(n int) string { return strings.Repeat("|a", n/8) + "\n" + strings.Repeat("|-", n/8) },
	"narrow header": func(n int) string { return "|a|b|\n" + strings.Repeat("|-", n/2) },
	"many rows":     func(n int) string { return "|a|b|\n|-|-|\n" + strings.Repeat("|c|d|\n", n/6) },
	"many empty": func(n int) string {
		return strings.Repeat("|a", 20) + "\n" + strings.Repeat("|-", 20) + strings.Repeat("\n|", n/2)
	},
	"many tables": func(n int) string { return strings.Repeat("|a|b|\n|-|-|\n|c|d|\n\n", n/19) },
	"largest tables": func(n int) string {
		table := strings.Repeat("|a", 20) + "\n" + strings.Repeat("|-", 20) + strings.Repeat("\n"+strings.Repeat("|c", 20), 200) + "\n\n"
		return strings.Repeat(table, n/len(table)+1)
	},
	"no line below":     func(n int) string { return strings.Repeat("|a|b|\n", n/6) },
	"lines below":       func(n int) string { return strings.Repeat("|-|:x|\n", n/7) },
	"below at the end":  func(n int) string { return strings.Repeat("|a|b|\n", n/6) + "|-|-|" },
	"escaped pipes":     func(n int) string { return "|a|b|\n|-|-|\n|" + strings.Repeat(`\|`, n/2) },
	"pipes in code":     func(n int) string { return "|a|b|\n|-|-|" + strings.Repeat("\n|`c\\|d`|`e", n/12) },
	"marks in cells":    func(n int) string { return "|a|b|\n|-|-|\n|" + strings.Repeat("**c [", n/5) },
	"formulas in cells": func(n int) string { return "|a|b|\n|-|-|" + strings.Repeat("\n|\\(\\[$$|`", n/10) },
	"in a quote":        func(n int) string { return "> |a|b|\n> |-|-|" + strings.Repeat("\n> |c|d|", n/8) },
	"in items": func(n int) string {
		return strings.Repeat("- ", 16) + "|a|b|" + strings.Repeat("\n"+strings.Repeat(" ", 32)+"|-|-|", n/38)
	},
	"tasks":          func(n int) string { return strings.Repeat("- [ ] a\n- [x]\n  b\n", n/18) },
	"boxes":          func(n int) string { return "- [ ] " + strings.Repeat("[ ] ", n/4) },
	"breaks":         func(n int) string { return "|a|b|\n|-|-|\n|" + strings.Repeat("<br> ", n/5) },
	"answers":        func(n int) string { return strings.Repeat("[a](reply:)", n/11) },
	"nested answers": func(n int) string { return strings.Repeat("[", n/9) + strings.Repeat("](reply:)", n/9) },
	"answers in one": func(n int) string { return strings.Repeat("[a ", n/12) + strings.Repeat("](reply:)", n/12) },
	"a long answer":  func(n int) string { return "[" + strings.Repeat("a *b* ", n/6) + "](reply:)" },
	"blank answers":  func(n int) string { return strings.Repeat("[", n/20) + strings.Repeat("  <br>\n     ](reply:)", n/20) },
	"answers in links": func(n int) string {
		return strings.Repeat("[", n/28) + strings.Repeat("[a](reply:)](https://a.b/c) ", n/28)
	},
}

// TestTableSteps parses each pattern in growing sizes. The number of steps for a byte does not grow with the size.
func TestTableSteps(t *testing.T) {
	for name, text := range tablePatterns {
		for _, marks := range []int{maxMarks, 1 << 30} {
			first := 0
			for size := 8 << 10; size <= shorter(128<<10); size *= 2 {
				s := text(size)
				n := countSteps(s, marks)
				each := n / len(s)
				if first == 0 {
					first = each
				}
				if n > mostSteps*len(s) || each > first+first/4+5 {
					t.Errorf("%s: %d steps for %d bytes, %d for each byte of the first text", name, n, len(s), first)
					break
				}
			}
		}
	}
}

// TestMarkdownStepsRandom parses patterns of randomly combined marks.
func TestMarkdownStepsRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	pieces := func(most int) string {
		var b strings.Builder
		for range random.IntN(most + 1) {
			b.WriteString(stepMarks[random.IntN(len(stepMarks))])
		}
		return b.String()
	}
	for range 150 {
		p := pattern{"x" + pieces(6), pieces(2)}
		if random.IntN(2) == 0 {
			p.unit = p.unit[1:] + "y"
		}
		holdLinear(t, p, 20<<10, 1<<30)
	}
}

// FuzzMarkdownSteps searches for patterns that are not in the table.
func FuzzMarkdownSteps(f *testing.F) {
	for _, p := range stepPatterns[len(stepPatterns)-25:] {
		f.Add(p.unit, p.closing)
	}
	f.Fuzz(func(t *testing.T, unit, closing string) {
		if unit == "" || len(unit)+len(closing) > 400 {
			return
		}
		p := pattern{unit, closing}
		holdLinear(t, p, 20<<10, 1<<30)
	})
}

// TestMarkdownStepsCounted checks that the source counts all its work: each loop begins with a step, and only the
// functions of scan.go, which count, scan a text.
func TestMarkdownStepsCounted(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	loops := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "scan.go" {
			continue
		}
		set := gotoken.NewFileSet()
		file, err := parser.ParseFile(set, sourceFile(name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ForStmt:
				loops++
				holdStep(t, set, n.Body)
			case *ast.RangeStmt:
				loops++
				holdStep(t, set, n.Body)
			case *ast.CallExpr:
				holdCall(t, set, n)
			}
			return true
		})
	}
	if loops < 40 {
		t.Errorf("%d loops found", loops)
	}
}

// sourceFile returns the path of a source file. A mutation run compiles a changed copy and leaves the file itself
// unchanged.
func sourceFile(name string) string {
	if filepath.Base(os.Getenv("MUTATE_FILE")) == name {
		return os.Getenv("MUTATE_TEXT")
	}
	return name
}

// holdStep checks that a loop counts each round once.
func holdStep(t *testing.T, set *gotoken.FileSet, body *ast.BlockStmt) {
	t.Helper()
	if len(body.List) > 0 {
		if s, ok := body.List[0].(*ast.ExprStmt); ok {
			if call, ok := s.X.(*ast.CallExpr); ok && len(call.Args) == 1 {
				f, ok := call.Fun.(*ast.Ident)
				n, whole := call.Args[0].(*ast.BasicLit)
				if ok && f.Name == "step" && (!whole || n.Value == "1") {
					return
				}
			}
		}
	}
	t.Errorf("%v: a loop that does not begin with a step", set.Position(body.Pos()))
}

// holdCall allows only those functions of package strings that look at no more bytes than a literal has.
func holdCall(t *testing.T, set *gotoken.FileSet, call *ast.CallExpr) {
	t.Helper()
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	if from, ok := f.X.(*ast.Ident); !ok || from.Name != "strings" {
		return
	}
	if _, literal := call.Args[0].(*ast.BasicLit); literal ||
		slices.Contains([]string{"HasPrefix", "HasSuffix", "EqualFold", "TrimPrefix", "TrimSuffix", "Map"}, f.Sel.Name) {
		return
	}
	t.Errorf("%v: strings.%s is not counted", set.Position(call.Pos()), f.Sel.Name)
}
