// Command bench measures the widget in Chromium, as visitors meet it, and prints each figure beside its goal:
//
//	./build.sh bench           the widget
//	./build.sh bench -peers    the widget and other chat widgets, as a table in Markdown
//	./build.sh bench -soak 10m what a long conversation holds over time; it fails where that grows
//
// A figure is the median of several runs, each with a browser profile that has never been here. Networks and
// processors are slowed down by Chromium itself. What a figure is compared with, a bare page or one in plain
// JavaScript, is measured in turn with it, so that whatever else the machine does weighs on both.
package main
