package chat

import (
	"strings"
	"unicode"
)

// E.164 allows at most 15 digits. No country has numbers with fewer than 8, calling code included.
const (
	leastDigits = 8
	mostDigits  = 15
	mostPhone   = 400 // bytes of a text that is read as a number
)

// parsePhone reads a phone number in any common notation and returns it in E.164 form, "+" and digits. A national
// number needs a country, two letters. parsePhone has a table of calling codes and national prefixes, but none of the
// assigned numbers.
func parsePhone(s, country string) (string, bool) {
	digits, plus, ok := phoneDigits(s)
	if !ok {
		return "", false
	}
	if !plus {
		code, trunk, known := callingCode(country)
		international := "00"
		if code == "1" {
			international = "011"
		}
		switch rest, cut := strings.CutPrefix(digits, international); {
		case cut:
			digits = rest
		case !known:
			return "", false
		default:
			digits = code + national(digits, code, trunk)
		}
	}
	if len(digits) < leastDigits || len(digits) > mostDigits || digits[0] == '0' {
		return "", false
	}
	if strings.HasPrefix(digits, "1") && (len(digits) != 11 || digits[1] < '2') {
		return "", false // North America: ten digits, the first of which is 2 to 9
	}
	return "+" + digits, true
}

// national returns a national number without its national prefix.
func national(digits, code, trunk string) string {
	switch {
	case code == "1" && len(digits) == 11:
		return strings.TrimPrefix(digits, "1")
	case trunk != "":
		return strings.TrimPrefix(digits, trunk)
	}
	return digits
}

// phoneDigits returns the digits of s, and whether a plus stands before them. ok is false if s contains anything that
// is not part of a phone number.
func phoneDigits(s string) (digits string, plus, ok bool) {
	s, ok = phoneCharacters(s)
	if rest, isURL := strings.CutPrefix(s, "tel:"); isURL {
		s, _, _ = strings.Cut(rest, ";") // parameters, such as an extension
	}
	s = strings.ReplaceAll(s, "(0)", "") // +44 (0)20 …: the 0 is not dialled
	s = strings.Map(func(r rune) rune {
		if r == '(' || r == ')' {
			return -1
		}
		return r
	}, s)
	s, plus = strings.CutPrefix(s, "+")
	for i := 0; i < len(s); i++ {
		ok = ok && isDigit(s[i])
	}
	return s, plus, ok && s != ""
}

// phoneCharacters converts s to lower-case ASCII, and removes separators (spaces, dashes and dots of all scripts) and
// invisible characters, which are often copied along with a number. ok is false if s is too long.
func phoneCharacters(s string) (ascii string, ok bool) {
	if len(s) > mostPhone {
		return "", false
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if '\uff01' <= r && r <= '\uff5e' {
			r -= '\uff01' - '!' // full-width forms
		}
		switch d := digit(r); {
		case d >= 0:
			b = append(b, byte('0'+d))
		case strings.ContainsRune("-./·•‧∙⋅・･\u0387\u2212\u00ad\u034f", r),
			unicode.In(r, unicode.White_Space, unicode.Cf, unicode.Pd, unicode.Variation_Selector):
		case r < 0x80:
			b = append(b, byte(unicode.ToLower(r)))
		default:
			b = append(b, '?') // no digit and no separator: phoneDigits rejects it
		}
	}
	return string(b), true
}

// digit returns the value of a decimal digit of any script, or -1. In Unicode's tables, each script has its ten digits
// in one range.
func digit(r rune) int {
	for _, d := range unicode.Nd.R16 {
		if uint32(d.Lo) <= uint32(r) && uint32(r) <= uint32(d.Hi) {
			return int(uint32(r)-uint32(d.Lo)) % 10
		}
	}
	for _, d := range unicode.Nd.R32 {
		if d.Lo <= uint32(r) && uint32(r) <= d.Hi {
			return int(uint32(r)-d.Lo) % 10
		}
	}
	return -1
}

// phoneExample returns a valid number to show in an error message.
func phoneExample(country string) string {
	code, _, known := callingCode(country)
	if !known || code == "1" {
		return "+1 202 555 0123"
	}
	return "+" + code + " 123 456 789"
}

// callingCode returns a country's calling code and national prefix.
func callingCode(country string) (code, trunk string, ok bool) {
	if len(country) != 2 {
		return "", "", false
	}
	country = strings.ToUpper(country)
	i := strings.Index(callingCodes, " "+country)
	if i < 0 {
		return "", "", false
	}
	rest := callingCodes[i+3:]
	code, _, _ = strings.Cut(rest, " ")
	trunk = "0"
	switch {
	case strings.Contains(noTrunk, " "+country+" "):
		trunk = ""
	case code == "7":
		trunk = "8"
	case country == "HU":
		trunk = "06"
	}
	return code, trunk, true
}

// callingCodes are the calling codes assigned by the ITU (E.164), by ISO 3166 country.
const callingCodes = " " +
	"AC247 AD376 AE971 AF93 AG1 AI1 AL355 AM374 AO244 AR54 AS1 AT43 AU61 AW297 AX358 AZ994 BA387 BB1 BD880 BE32 " +
	"BF226 BG359 BH973 BI257 BJ229 BL590 BM1 BN673 BO591 BQ599 BR55 BS1 BT975 BW267 BY375 BZ501 CA1 CC61 CD243 " +
	"CF236 CG242 CH41 CI225 CK682 CL56 CM237 CN86 CO57 CR506 CU53 CV238 CW599 CX61 CY357 CZ420 DE49 DJ253 DK45 DM1 " +
	"DO1 DZ213 EC593 EE372 EG20 EH212 ER291 ES34 ET251 FI358 FJ679 FK500 FM691 FO298 FR33 GA241 GB44 GD1 GE995 " +
	"GF594 GG44 GH233 GI350 GL299 GM220 GN224 GP590 GQ240 GR30 GT502 GU1 GW245 GY592 HK852 HN504 HR385 HT509 HU36 " +
	"ID62 IE353 IL972 IM44 IN91 IO246 IQ964 IR98 IS354 IT39 JE44 JM1 JO962 JP81 KE254 KG996 KH855 KI686 KM269 KN1 " +
	"KP850 KR82 KW965 KY1 KZ7 LA856 LB961 LC1 LI423 LK94 LR231 LS266 LT370 LU352 LV371 LY218 MA212 MC377 MD373 " +
	"ME382 MF590 MG261 MH692 MK389 ML223 MM95 MN976 MO853 MP1 MQ596 MR222 MS1 MT356 MU230 MV960 MW265 MX52 MY60 " +
	"MZ258 NA264 NC687 NE227 NF672 NG234 NI505 NL31 NO47 NP977 NR674 NU683 NZ64 OM968 PA507 PE51 PF689 PG675 PH63 " +
	"PK92 PL48 PM508 PR1 PS970 PT351 PW680 PY595 QA974 RE262 RO40 RS381 RU7 RW250 SA966 SB677 SC248 SD249 SE46 " +
	"SG65 SH290 SI386 SJ47 SK421 SL232 SM378 SN221 SO252 SR597 SS211 ST239 SV503 SX1 SY963 SZ268 TA290 TC1 TD235 " +
	"TG228 TH66 TJ992 TK690 TL670 TM993 TN216 TO676 TR90 TT1 TV688 TW886 TZ255 UA380 UG256 US1 UY598 UZ998 VA39 " +
	"VC1 VE58 VG1 VI1 VN84 VU678 WF681 WS685 XK383 YE967 YT262 ZA27 ZM260 ZW263 "

// noTrunk lists the countries without a national prefix, and those whose numbers keep a leading 0.
const noTrunk = " " +
	"AD AO BF BH BI BJ BT BW BZ CF CG CI CL CM CO CR CV CY CZ DJ DK DO EE ER ES FO GA GI GL GM GN GQ GR GT GW HK " +
	"HN HT IS IT KM KW LR LS LU LV MC ML MO MR MT MU MV MX MZ NE NI NO OM PA PL PT QA RW SC SG SM SN ST SV SX SZ " +
	"TD TG TN TT VA US CA BM BS BB "
