package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"slices"
	"strings"
)

// mutant is one change of a file: new replaces the bytes from..to, which are old.
type mutant struct {
	file     string // as the caller named it
	function string // the declaration that the change is in
	line     int
	from, to int
	old, new string
	nth      int // number among the file's mutants with the same key, from 1; 0: no other has it
}

// key identifies the mutant without line numbers, as in equivalents.txt.
func (m mutant) key() string {
	return m.function + ": " + oneLine(m.old) + " => " + oneLine(m.new)
}

// numbered returns the key, with nth if other mutants have the same key.
func (m mutant) numbered() string {
	if m.nth == 0 {
		return m.key()
	}
	return fmt.Sprintf("%s #%d", m.key(), m.nth)
}

// number sets nth of the mutants that share a key, in the order of the text.
func number(mutants []mutant) {
	count := map[string]int{}
	for _, m := range mutants {
		count[m.key()]++
	}
	seen := map[string]int{}
	for i, m := range mutants {
		if count[m.key()] > 1 {
			seen[m.key()]++
			mutants[i].nth = seen[m.key()]
		}
	}
}

func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 120 {
		text = text[:117] + "..."
	}
	if text == "" {
		return "nothing"
	}
	return text
}

// apply returns the source with the change made.
func (m mutant) apply(source []byte) []byte {
	out := append([]byte(nil), source[:m.from]...)
	out = append(out, m.new...)
	return append(out, source[m.to:]...)
}

// finder collects the mutants of one file.
type finder struct {
	file     string
	source   []byte
	set      *token.FileSet
	function string
	found    []mutant
}

// findMutants returns all mutants of a Go source, in the order of its text.
func findMutants(file string, source []byte) ([]mutant, error) {
	f := &finder{file: file, source: source, set: token.NewFileSet()}
	tree, err := parser.ParseFile(f.set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			f.function = functionName(d)
			if d.Body != nil {
				ast.Inspect(d.Body, f.visit)
			}
		case *ast.GenDecl:
			if d.Tok == token.CONST || d.Tok == token.VAR {
				f.function = d.Tok.String()
				ast.Inspect(d, f.visit)
			}
		}
	}
	number(f.found)
	return f.found, nil
}

func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

func (f *finder) offset(p token.Pos) int { return f.set.Position(p).Offset }

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// replace adds the mutant in which text replaces what is at from..to.
func (f *finder) replace(from, to token.Pos, text string) {
	m := mutant{
		file: f.file, function: f.function, line: f.set.Position(from).Line,
		from: f.offset(from), to: f.offset(to), new: text,
	}
	m.old = string(f.source[m.from:m.to])
	f.found = append(f.found, m)
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.IfStmt:
		f.negate(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.negate(n.Cond)
		}
	case *ast.BinaryExpr:
		f.operator(n.OpPos, n.Op)
	case *ast.AssignStmt:
		f.operator(n.TokPos, n.Tok)
	case *ast.IncDecStmt:
		f.operator(n.TokPos, n.Tok)
	case *ast.BranchStmt:
		f.branch(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT || n.Op == token.SUB {
			f.replace(n.Pos(), n.X.Pos(), "")
		}
	case *ast.BasicLit:
		f.constant(n)
	case *ast.Ident:
		if n.Name == "true" {
			f.replace(n.Pos(), n.End(), "false")
		} else if n.Name == "false" {
			f.replace(n.Pos(), n.End(), "true")
		}
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
		f.remove(n)
	case *ast.CommClause:
		f.statements(n.Body)
		f.remove(n)
	}
	return true
}

// negate adds the mutant that negates a condition. It skips == and !=, for which operator does the same with less text.
func (f *finder) negate(cond ast.Expr) {
	if b, ok := cond.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		return
	}
	f.replace(cond.Pos(), cond.End(), "!("+f.text(cond)+")")
}

// others maps each operator to the one that replaces it.
var others = map[token.Token]string{
	token.EQL: "!=", token.NEQ: "==",
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	token.LAND: "||", token.LOR: "&&",
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.REM: "*",
	token.SHL: ">>", token.SHR: "<<", token.AND: "|", token.OR: "&", token.XOR: "&", token.AND_NOT: "&",
	token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+=", token.MUL_ASSIGN: "/=", token.QUO_ASSIGN: "*=",
	token.OR_ASSIGN: "&=", token.AND_ASSIGN: "|=", token.SHL_ASSIGN: ">>=", token.SHR_ASSIGN: "<<=",
	token.INC: "--", token.DEC: "++",
}

func (f *finder) operator(at token.Pos, op token.Token) {
	if other, ok := others[op]; ok {
		f.replace(at, at+token.Pos(len(op.String())), other)
	}
}

func (f *finder) branch(s *ast.BranchStmt) {
	if s.Label != nil {
		return
	}
	switch s.Tok {
	case token.BREAK:
		f.replace(s.Pos(), s.End(), "continue")
	case token.CONTINUE:
		f.replace(s.Pos(), s.End(), "break")
	}
}

// constant adds the mutants in which an integer is one larger and one smaller.
func (f *finder) constant(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	value, ok := new(big.Int).SetString(n.Value, 0)
	if !ok {
		return
	}
	f.replace(n.Pos(), n.End(), new(big.Int).Add(value, big.NewInt(1)).String())
	if value.Sign() > 0 {
		f.replace(n.Pos(), n.End(), new(big.Int).Sub(value, big.NewInt(1)).String())
	}
}

// statements adds the mutants that drop a statement, and those that swap two neighbours which both call a function. It
// swaps no others, because the order of two assignments seldom matters.
func (f *finder) statements(list []ast.Stmt) {
	for i, s := range list {
		if !effect(s) {
			continue
		}
		f.replace(s.Pos(), s.End(), "")
		if i+1 < len(list) && effect(list[i+1]) && calls(s) && calls(list[i+1]) {
			next := list[i+1]
			f.replace(s.Pos(), next.End(), f.text(next)+"; "+f.text(s))
		}
	}
}

// effect reports whether a statement can be dropped without leaving a name undeclared or a result missing.
func effect(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt:
		return true
	case *ast.AssignStmt:
		return s.Tok != token.DEFINE && !blank(s.Lhs)
	case *ast.ReturnStmt:
		return len(s.Results) == 0
	case *ast.BranchStmt:
		return s.Tok == token.CONTINUE || s.Tok == token.BREAK
	}
	return false
}

// calls reports whether a statement calls a function that is not built in.
func calls(s ast.Stmt) (found bool) {
	builtin := strings.Fields("append len cap min max delete clear copy make new string byte int")
	ast.Inspect(s, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			name, ok := call.Fun.(*ast.Ident)
			found = found || !ok || !slices.Contains(builtin, name.Name)
		}
		return true
	})
	return found
}

func blank(names []ast.Expr) bool {
	for _, n := range names {
		if id, ok := n.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}

// remove adds the mutant without a case of a switch or select.
func (f *finder) remove(n ast.Node) { f.replace(n.Pos(), n.End(), "") }
