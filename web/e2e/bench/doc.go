// Command bench measures the widget in Chromium under the conditions of visitors, and prints each figure and its goal:
//
//	./build.sh bench           the widget
//	./build.sh bench -peers    the widget and other chat widgets, as a table in Markdown
//	./build.sh bench -soak 10m what a long conversation holds over time; it fails where that grows
//
// A figure is the median of several runs, each with a new browser profile. Chromium itself slows down the network and
// the processor. Most goals are ratios to references (reference.go), which are measured in turn with the widget, so that
// a slow machine and other programs on it affect both. Goals in milliseconds that have no reference grow with the time
// that an empty Go program takes to start. A measurement is repeated until the middle half of its values is within 15 %,
// up to three times as often as asked for.
package main
