package markdown

import "strings"

// table adds the table that a paragraph contains, with the lines above it as a paragraph, and reports whether there is
// one. The header must have a pipe, also if there is one column: the emoticon :-| makes no table of the line above it.
func (p *blockParser) table(s string) bool {
	if indexByte(s, '|') < 0 {
		return false
	}
	above := 0 // the length of the lines above the header
	lines := splitLines(s)
	for i := 1; i < len(lines); i++ {
		step(1)
		header := lines[i-1]
		var marks []uint8
		if indexByte(header, '|') >= 0 {
			marks = columnMarks(lines[i])
		}
		if marks == nil {
			above += len(header) + 1
			continue
		}
		rows := lines[i:]
		if len(rowCells(header, len(marks)+1)) != len(marks) || len(rows) > maxRows+1 || len(rows)*len(marks) > p.left {
			return false
		}
		if above > 0 {
			p.paragraph(trimRight(s[:above], " \t\n"))
		}
		rows[0] = header // instead of the line below it
		table := make([]Node, len(rows))
		for j, line := range rows {
			step(1)
			p.row(&table[j], line, marks)
		}
		p.add(Node{Kind: KindTable, Children: table})
		return true
	}
	return false
}

// columnMarks returns the alignments of the columns if the line is that below a header: it consists of dashes and
// pipes, with colons beside the dashes. Otherwise it returns nil.
func columnMarks(line string) []uint8 {
	if trim(line, "- \t") == "" {
		return nil
	}
	var marks []uint8
	for _, cell := range rowCells(line, maxColumns+1) {
		step(1)
		mark := uint8(0)
		if strings.HasPrefix(cell, ":") {
			mark, cell = CellLeft, cell[1:]
		}
		if strings.HasSuffix(cell, ":") {
			mark, cell = CellRight-mark, cell[:len(cell)-1] // CellCenter after CellLeft
		}
		if cell == "" || trim(cell, "-") != "" || len(marks) == maxColumns {
			return nil
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

// row makes the row with the cells of a line. Where cells are missing, they are empty.
func (p *blockParser) row(row *Node, line string, marks []uint8) {
	row.Kind, row.Children = KindRow, make([]Node, len(marks))
	cells := rowCells(line, len(marks))
	for i := range marks {
		step(1)
		p.left--
		cell := &row.Children[i]
		cell.Kind, cell.Mark = KindCell, marks[i]
		if i < len(cells) {
			cell.Children = p.inline.parse(cells[i], &p.left)
		}
	}
}
