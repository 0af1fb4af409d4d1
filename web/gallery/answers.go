package gallery

import (
	"embed"

	"plurachat/protocol"
)

// answerTexts has the long answers of the kind that language models give, in Markdown.
//
//go:embed answers/*.md
var answerTexts embed.FS

// says returns a seed: a conversation whose last message is the text in answers/name.md, which answers asked. It panics
// if there is no such text.
func says(name, asked string) func(*talk) []line {
	text, err := answerTexts.ReadFile("answers/" + name + ".md")
	if err != nil {
		panic(err)
	}
	return func(t *talk) []line {
		return []line{
			{Name: assistant, Picture: assistantPicture(), Text: t.Greeting, Ago: 4},
			{Kind: protocol.Visitor, Text: asked, Ago: 3},
			{Name: assistant, Picture: assistantPicture(), Text: string(text), Ago: 2},
		}
	}
}
