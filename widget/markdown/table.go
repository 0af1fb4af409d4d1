package markdown

import "strings"

// table adds the table that a paragraph contains, with the lines above it as a paragraph, and reports whether there is
// one. The line below a table's header consists of dashes, colons and pipes. The header must have a pipe, also if there
// is one column: the emoticon :-| makes no table of the line above it.
func (p *blockParser) table(s string) bool {
	if indexByte(s, '|') < 0 || indexByte(s, '\n') < 0 {
		return false
	}
	above, header, rest := "", "", s
	var marks []uint8
	for marks == nil {
		step(1)
		above = s[:len(s)-len(rest)]
		header, rest = cutLine(rest)
		if rest == "" {
			return false
		}
		if indexByte(header, '|') >= 0 {
			line, _ := cutLine(rest)
			marks = columnMarks(line)
		}
	}
	cells := rowCells(header, len(marks)+1)
	_, rows := cutLine(rest)
	count := 1
	for r := rows; r != ""; _, r = cutLine(r) {
		step(1)
		count++
	}
	if len(cells) != len(marks) || count > maxRows+1 || count*len(marks) > p.left {
		return false
	}
	if above = trimRight(above, " \t\n"); above != "" {
		p.paragraph(above)
	}
	table := Node{Kind: KindTable, Children: make([]Node, 0, count)}
	table.Children = append(table.Children, p.row(cells, marks))
	for rows != "" {
		step(1)
		var line string
		line, rows = cutLine(rows)
		table.Children = append(table.Children, p.row(rowCells(line, len(marks)), marks))
	}
	p.add(table)
	return true
}

// cutLine returns the first line of s, and what follows it.
func cutLine(s string) (line, rest string) {
	if i := indexByte(s, '\n'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// columnMarks returns the alignments of the columns if the line is that below a header; otherwise nil.
func columnMarks(line string) []uint8 {
	if line == "" || strings.IndexByte("|:-", line[0]) < 0 || trim(line, "-") == "" {
		return nil
	}
	var marks []uint8
	for _, cell := range rowCells(line, maxColumns+1) {
		step(1)
		dashes := strings.TrimSuffix(strings.TrimPrefix(cell, ":"), ":")
		if dashes == "" || trim(dashes, "-") != "" || len(marks) == maxColumns {
			return nil
		}
		mark := uint8(0)
		switch left, right := cell[0] == ':', cell[len(cell)-1] == ':'; {
		case left && right:
			mark = CellCenter
		case left:
			mark = CellLeft
		case right:
			mark = CellRight
		}
		marks = append(marks, mark)
	}
	return marks
}

// rowCells returns the cells of a line, at most a number of them. A pipe after a backslash is part of a cell, also in
// code.
func rowCells(line string, most int) []string {
	line = strings.TrimPrefix(trim(line, " \t"), "|")
	var cells []string
	begin := 0
	for i := 0; i <= len(line) && len(cells) < most; i++ {
		step(1)
		if i < len(line) && (line[i] != '|' || i > 0 && line[i-1] == '\\') {
			continue
		}
		cell := trim(line[begin:i], " \t")
		if i == len(line) && cell == "" {
			break // the last pipe ended the row
		}
		cells = append(cells, replace(cell, `\|`, "|"))
		begin = i + 1
	}
	return cells
}

// row returns the row with the cells of a line. Where cells are missing, they are empty.
func (p *blockParser) row(cells []string, marks []uint8) Node {
	row := Node{Kind: KindRow, Children: make([]Node, len(marks))}
	for i := range marks {
		step(1)
		cell := &row.Children[i]
		cell.Kind, cell.Mark = KindCell, marks[i]
		if p.left--; i < len(cells) {
			cell.Children = p.inline.parse(cells[i], &p.left)
		}
	}
	return row
}
