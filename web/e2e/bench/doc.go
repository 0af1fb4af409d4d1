// Command bench measures the widget in Chromium under the conditions of visitors, and prints each figure and its goal:
//
//	./build.sh bench           the widget
//	./build.sh bench -peers    the widget and other chat widgets, as a table in Markdown
//	./build.sh bench -soak 10m what a long conversation holds over time; it fails where that grows
//
// A figure is the median of several runs, each with a new browser profile. Chromium itself slows down the network and
// the processor. Some figures are compared with those of a bare page or of a page in plain JavaScript. These are
// measured in turn with the widget, so that other programs on the machine affect both.
package main
