package protocoltest

// topic is a topic of the demo: the keywords that lead to it (a * at the end
// stands for any ending), and the replies, one message each.
type topic struct {
	name  string
	words []string
	say   []string
}

// topics lists the topics. If a text has equally many keywords of two topics, the
// earlier one is chosen. The host names and telephone numbers are reserved for
// examples: .example (RFC 2606) and 555-01xx.
var topics = []topic{
	{"person", []string{"person", "human", "someone", "agent", "daniel", "representative", "operator"}, []string{
		"Of course. I'm bringing in Daniel from our estimating desk; he can read what we have so far.",
		"Hi, Daniel here, I've taken over from Maya. I'm looking at your conversation now. What's going on with the " +
			"roof?",
	}},
	{"emergency", []string{"leak*", "drip*", "emergency", "urgent", "water", "bucket", "ceiling"}, []string{
		"That sounds urgent. First, please:\n\n1. Stay off the roof\n" +
			"2. Catch the water, and move what must not get wet\n" +
			"3. If the ceiling bulges, pierce it at the lowest point with a screwdriver so it drains into a bucket\n" +
			"4. Switch off the power where water is near a light",
		"Our emergency crew tarps roofs **day and night**: [call +1 555 0142](tel:+15550142). They usually arrive " +
			"within 90 minutes.",
	}},
	{"storm", []string{
		"storm*", "hail*", "wind*", "branch*", "tree*", "insur*", "claim*", "damage*", "hurricane*",
		"tornado*",
	}, []string{
		"I'm sorry to hear that. We inspect storm damage **free of charge**, usually within 48 hours, and you get a " +
			"report with photos that your insurer can use.",
		"For the claim, it helps to have:\n\n- Photos of the roof from the ground, and of any hail beside a coin\n" +
			"- The date and time of the storm\n- Your policy number\n" +
			"- Receipts for anything you had to fix at once\n\nPlease don't sign away the claim to anyone at the " +
			"door. Our [storm checklist](https://ridgeline-roofing.example/storm) has it all on one page.",
	}},
	{"measure", []string{"measur*", "square", "area", "pitch", "calculat*", "slope", "sqft"}, []string{
		"You can work it out from the ground. Take the footprint of the house, overhang included, and the pitch " +
			"(rise over 12 of run):\n\n```\narea    = footprint × √(1 + (rise / 12)²)\n" +
			"squares = area / 100\n\n1,600 sq ft at 6/12:\n  1600 × √(1 + 0.25) = 1,789 sq ft ≈ 18 squares\n" +
			"```\n\nAdd about 10 % for hips, valleys and waste, so order for `20` squares.",
	}},
	{"price", []string{
		"price*", "cost*", "much", "quote*", "estimate*", "expensive", "cheap*", "budget*", "pay",
	}, []string{
		"It depends on size, pitch and material. For a typical house of about 20 squares (2,000 sq ft of roof):\n\n" +
			"- **Asphalt shingle:** $9,000 to $14,000\n- **Standing-seam metal:** $18,000 to $28,000\n" +
			"- **Clay or concrete tile:** $20,000 to $34,000\n\n" +
			"Tear-off and disposal are included.",
		"A written estimate is free and binding for 60 days. Shall I book a visit? Or [measure it yourself " +
			"online](https://ridgeline-roofing.example/estimate) in about five minutes.",
	}},
	{"financing", []string{"financ*", "loan*", "monthly", "installment*", "instalment*", "credit", "apr"}, []string{
		"Yes, we offer financing through a local credit union:\n\n" +
			"- 12 months at 0 %\n- 60 months at 6.9 %\n- 120 months at 8.4 %\n\n" +
			"Nothing is due until the roof has passed inspection.",
	}},
	{"warranty", []string{"warrant*", "guarantee*", "lifetime"}, []string{
		"Every roof has two warranties:\n\n1. **Ours:** 15 years on workmanship, transferable once\n" +
			"2. **The maker's:** 30 years to lifetime on the material\n\n" +
			"Register within 30 days at [our warranty page](https://ridgeline-roofing.example/warranty); your job " +
			"number looks like `RR-2041`.",
	}},
	{"materials", []string{
		"material*", "shingle*", "metal", "tile*", "slate", "asphalt", "lasts", "longest", "color*",
		"colour*", "solar",
	}, []string{
		"Here is how they compare:\n\n- **Asphalt shingle:** 20 to 30 years, the best value\n" +
			"- **Standing-seam metal:** 40 to 60 years, sheds snow, carries solar without holes\n" +
			"- **Clay tile:** 50 years and more, heavy: the frame may need a check\n" +
			"- **Slate:** 75 years and more, *beautiful*, and priced accordingly",
		"Most of our customers choose architectural shingle. If you plan to stay for more than fifteen years, metal " +
			"usually wins.",
	}},
	{"timeline", []string{"long", "when", "soon", "timeline", "schedule", "days", "start", "weeks", "fast"}, []string{
		"From the first visit to the last nail it usually goes like this:\n\n" +
			"1. Inspection and estimate: **this week**\n2. Permit and material: 5 to 10 days\n" +
			"3. Tear-off and new roof: **1 to 3 days**\n4. Clean-up with magnets, and the city's inspection: 1 " +
			"day\n\nRain moves step 3, never the price.",
	}},
	{"booking", []string{
		"book*", "appointment*", "visit", "inspect*", "tomorrow", "monday", "tuesday", "wednesday",
		"thursday", "friday", "morning", "afternoon", "yes", "sure", "ok", "okay",
	}, []string{
		"Lovely. I have these times for an inspection:\n\n- Tuesday, 9:00 to 11:00\n" +
			"- Wednesday, 14:00 to 16:00\n- Friday, 8:00 to 10:00\n\n" +
			"Which one suits you? You don't need to be at home, unless we should look into the attic too.",
	}},
	{"hours", []string{"hours", "open", "closed", "weekend*", "saturday*", "sunday*"}, []string{
		"The office is open **Monday to Friday, 7:30 to 18:00**, and Saturday until noon. The emergency line never " +
			"closes, and neither do I.",
	}},
	{"contact", []string{
		"contact", "phone", "call", "email", "mail", "address", "where", "located", "office",
	}, []string{
		"You reach us here:\n\n- Phone: [+1 555 0142](tel:+15550142)\n" +
			"- Mail: [hello@ridgeline-roofing.example](mailto:hello@ridgeline-roofing.example)\n" +
			"- Office: 218 Ridge Street, Boulder, CO\n\nWe work within 60 miles of Boulder.",
	}},
	{"reviews", []string{"review*", "reference*", "licens*", "insured", "trust", "rating*", "bbb"}, []string{
		"Fair question. We're licensed (`CO-118822`), insured to $5 million, and have done this since 1994. [412 " +
			"reviews](https://ridgeline-roofing.example/reviews), 4.9 stars, and we answer the bad ones too.",
	}},
	{"repair", []string{"repair*", "fix*", "missing", "gutter*", "flashing", "chimney", "skylight*", "moss"}, []string{
		"Small repairs are welcome. Most take half a day and cost **$350 to $900**: a few shingles, flashing at a " +
			"chimney, a gutter. If a repair won't last, we tell you before you pay for it.",
	}},
	{"bot", []string{"bot", "ai", "robot", "chatgpt", "real"}, []string{
		"I'm an AI assistant, trained on far too many roofs. If you'd rather talk to a person, just say so.",
	}},
	{"thanks", []string{"thanks", "thank", "great", "perfect", "awesome", "cheers", "thx"}, []string{
		"You're very welcome! Anything else about the roof?",
	}},
	{"bye", []string{"bye", "goodbye", "no", "later"}, []string{
		"Alright. I'm here whenever it rains. Have a good day!",
	}},
	{"hello", []string{"hi", "hello", "hey", "morning", "evening", "howdy"}, []string{
		"Hello! What can I do for your roof today?",
	}},
}
