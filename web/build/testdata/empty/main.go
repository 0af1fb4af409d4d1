// Command empty does nothing. The bench compares the widget's start with it.
package main

func main() {}
