package gallery

import (
	"strings"
	"sync"

	"plurachat/protocol"
	"plurachat/protocol/protocoltest"
)

// line is an entry of a seed.
type line struct {
	Kind    protocol.Kind
	State   protocol.Delivery
	Name    string
	Picture string
	Text    string
	Reason  string
	Ago     float64 // minutes before the time of the frame's clock; 0: the entry has no time
	Unread  bool
}

// talk has the texts of the gallery's conversations in one language.
type talk struct {
	Greeting, Ask, Estimate, Wish, Handover, Hello, Question, Thanks, Later string
}

// talkIn returns the texts in the language lang, or in English if there is no translation.
func talkIn(lang string) *talk {
	if t := talks[lang]; t != nil {
		return t
	}
	return talks["en"]
}

const day = 24 * 60

// conversation returns a conversation on two days, with an assistant, a visitor, and a person who takes over.
func (t *talk) conversation() []line {
	maya := func(ago float64, text string) line {
		return line{Name: assistant, Picture: assistantPicture(), Text: text, Ago: ago}
	}
	daniel := func(ago float64, text string) line {
		return line{Name: colleague, Picture: colleaguePicture(), Text: text, Ago: ago}
	}
	visitor := func(ago float64, text string) line { return line{Kind: protocol.Visitor, Text: text, Ago: ago} }
	return []line{
		maya(day+12, t.Greeting),
		visitor(day+11, t.Ask),
		maya(day+10, t.Estimate),
		visitor(9, t.Wish),
		maya(8, t.Handover),
		daniel(6, t.Hello),
		daniel(6, t.Question),
		visitor(3, t.Thanks),
	}
}

// formatted returns a conversation with the demo's Markdown sample, which has everything that the widget renders.
func (t *talk) formatted() []line {
	demo := protocoltest.Demo{Hurry: true}.Options().Flow
	replies := demo.Answer(&protocoltest.Exchange{Session: "gallery", Text: "/markdown"})
	return []line{
		{Name: assistant, Picture: assistantPicture(), Text: t.Greeting, Ago: 4},
		{Kind: protocol.Visitor, Text: "/markdown", Ago: 3},
		{Name: assistant, Picture: assistantPicture(), Text: replies[0].Text, Ago: 2},
	}
}

func (t *talk) failed() []line {
	return t.then(line{Kind: protocol.Visitor, State: protocol.Failed, Text: t.Ask, Reason: "no answer", Ago: 1})
}

func (t *talk) anew() []line {
	return t.then(line{Kind: protocol.Fresh, Ago: 1}, line{Name: assistant, Picture: assistantPicture(), Text: t.Greeting})
}

func (t *talk) ended() []line { return t.then(line{Kind: protocol.Ended, Ago: 1}) }

func (t *talk) dropped() []line { return t.then(line{Kind: protocol.Dropped, Ago: 1}) }

// hostile returns a conversation with texts and names that break a careless layout: very long words, HTML, mixed text
// directions, stacked accents and deep nesting.
func (t *talk) hostile() []line {
	long := strings.Repeat("Long ", 60)
	return []line{
		{Name: assistant, Picture: assistantPicture(), Text: t.Greeting, Ago: 9},
		{Name: long, Picture: "https://127.0.0.1:1/none.png", Text: strings.Repeat("W", 400), Ago: 8},
		{Name: "مايا", Text: "https://ridgeline-roofing.example/" + strings.Repeat("storm-damage/", 20) + "?a=" + strings.Repeat("1", 200), Ago: 7},
		{Name: "<b>x</b>", Text: "<img src=x onerror=alert(1)> Invoice \u202egnp.exe\u202c \u2066\u2067isolated\u2069 and Z\u0351\u036b\u0343\u036a\u0302a\u0300\u0301\u0302\u0303l\u0334\u0335\u0336go", Ago: 6},
		{Kind: protocol.Visitor, Text: strings.Repeat("M", 300) + "\n\n\nمرحبا\n🏠🏠🏠", Ago: 5},
		{Kind: protocol.Visitor, Text: "ok", Ago: 4},
		{Name: assistant, Text: "- " + strings.Repeat("nested\n  - ", 3) + "deep\n\n```\n" + strings.Repeat("a line of code that does not end ", 8) + "\n```\n\n> > > quoted thrice " + strings.Repeat("and long ", 12), Ago: 3},
	}
}

const (
	company   = "Ridgeline Roofing"
	assistant = "Maya"
	colleague = "Daniel Ortiz"
)

// The pictures of the demo.
var (
	companyPicture   = sync.OnceValue(func() string { return protocoltest.Demo{}.Options().Flow.Picture })
	assistantPicture = sync.OnceValue(func() string { return protocoltest.Demo{}.Options().Flow.Greet(nil).Picture })
	colleaguePicture = sync.OnceValue(func() string {
		said := protocoltest.Demo{}.Options().Flow.Answer(&protocoltest.Exchange{Session: "gallery", Text: "/person"})
		return said[1].Picture
	})
)

var talks = map[string]*talk{
	"en": {
		Greeting: "Hi! I'm Maya, the assistant at **Ridgeline Roofing**. How can I help you today?",
		Ask:      "How much is a new roof? It's about 20 years old.",
		Estimate: "That depends on size, pitch and material. For a typical house of 2,000 square feet:\n\n- **Asphalt shingle:** $9,000 to $14,000\n- **Standing-seam metal:** $18,000 to $30,000\n\nMore about it on [our prices page](https://ridgeline-roofing.example/prices).",
		Wish:     "Can I talk to a person?",
		Handover: "Of course. I'm getting Daniel for you.",
		Hello:    "Hi, Daniel here, from the estimating desk.",
		Question: "I've read what you wrote so far. Would Tuesday, 9:00 suit you for a visit?",
		Thanks:   "Yes, perfect. Thank you!",
		Later:    "Lovely, see you on Tuesday. I've sent you a confirmation by mail.",
	},
	"de": {
		Greeting: "Hallo! Ich bin Maya, die Assistentin von **Ridgeline Roofing**. Wie kann ich helfen?",
		Ask:      "Was kostet ein neues Dach? Unseres ist etwa zwanzig Jahre alt.",
		Estimate: "Das hängt von Größe, Neigung und Material ab. Für ein gewöhnliches Einfamilienhaus:\n\n- **Bitumenschindeln:** 9.000 bis 14.000 €\n- **Stehfalzdeckung aus Metall:** 18.000 bis 30.000 €\n\nMehr dazu auf [unserer Preisseite](https://ridgeline-roofing.example/preise).",
		Wish:     "Kann ich mit einem Menschen sprechen?",
		Handover: "Selbstverständlich. Ich hole Daniel dazu.",
		Hello:    "Guten Tag, hier ist Daniel aus der Kostenvoranschlagsabteilung.",
		Question: "Ich habe alles bisher gelesen. Passt Ihnen Dienstag, 9:00 Uhr, für einen Besuch?",
		Thanks:   "Ja, sehr gut. Vielen Dank!",
		Later:    "Wunderbar, bis Dienstag. Die Bestätigung ist per E-Mail unterwegs.",
	},
	"ar": {
		Greeting: "مرحبًا! أنا مايا، المساعدة في **Ridgeline Roofing**. كيف يمكنني مساعدتك اليوم؟",
		Ask:      "كم يكلف سقف جديد؟ عمر سقفنا نحو 20 سنة.",
		Estimate: "يعتمد ذلك على المساحة والميل والمادة. لمنزل عادي:\n\n- **ألواح الأسفلت:** من 9,000 إلى 14,000 دولار\n- **المعدن:** من 18,000 إلى 30,000 دولار\n\nالمزيد في [صفحة الأسعار](https://ridgeline-roofing.example/prices).",
		Wish:     "هل يمكنني التحدث إلى شخص؟",
		Handover: "بالطبع. سأدعو دانيال.",
		Hello:    "مرحبًا، أنا دانيال من قسم التقديرات.",
		Question: "قرأت كل ما كتبته. هل يناسبك يوم الثلاثاء الساعة 9:00 للزيارة؟",
		Thanks:   "نعم، ممتاز. شكرًا لك!",
		Later:    "رائع، نراك يوم الثلاثاء. أرسلت لك تأكيدًا بالبريد.",
	},
	"ja": {
		Greeting: "こんにちは。**Ridgeline Roofing** のアシスタント、マヤです。本日はどのようなご用件でしょうか。",
		Ask:      "屋根を新しくするといくらかかりますか。築20年ほどです。",
		Estimate: "広さ、勾配、材料によって変わります。一般的な住宅の場合は次のとおりです。\n\n- **アスファルトシングル:** 90万円から140万円\n- **金属:** 180万円から300万円\n\n詳しくは[料金のページ](https://ridgeline-roofing.example/prices)をご覧ください。",
		Wish:     "担当の方と話せますか。",
		Handover: "もちろんです。ダニエルにおつなぎします。",
		Hello:    "はじめまして。見積もり担当のダニエルです。",
		Question: "これまでの内容は拝見しました。火曜日の9時にお伺いしてもよろしいでしょうか。",
		Thanks:   "はい、お願いします。",
		Later:    "かしこまりました。確認のメールをお送りしました。",
	},
	"hi": {
		Greeting: "नमस्ते! मैं माया हूँ, **Ridgeline Roofing** की सहायक। आज मैं आपकी क्या मदद कर सकती हूँ?",
		Ask:      "नई छत कितने की पड़ेगी? हमारी लगभग 20 साल पुरानी है।",
		Estimate: "यह आकार, ढलान और सामग्री पर निर्भर करता है। एक सामान्य घर के लिए:\n\n- **डामर शिंगल:** $9,000 से $14,000\n- **धातु:** $18,000 से $30,000\n\nऔर जानकारी [कीमतों के पृष्ठ](https://ridgeline-roofing.example/prices) पर है।",
		Wish:     "क्या मैं किसी व्यक्ति से बात कर सकता हूँ?",
		Handover: "ज़रूर। मैं डैनियल को बुलाती हूँ।",
		Hello:    "नमस्ते, मैं डैनियल हूँ।",
		Question: "मैंने अब तक की बातचीत पढ़ ली है। क्या मंगलवार सुबह 9 बजे ठीक रहेगा?",
		Thanks:   "हाँ, बिल्कुल। धन्यवाद!",
		Later:    "बढ़िया, मंगलवार को मिलते हैं।",
	},
}
