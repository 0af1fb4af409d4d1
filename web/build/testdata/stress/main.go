//go:build js

// Command stress is compiled by the recipe's tests as the widget is: it collects garbage while stacks grow and
// shrink, recovers from panics of every kind, and ends in one.
package main

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"time"
)

type node struct {
	next *node
	text string
	more []any
}

func main() {
	grow()
	if got := recovered(); got != "index,nil,type,wrapper,custom,goexit" {
		println("recovered from", got)
		return
	}
	println("collected and recovered")
	(&chat{name: "last"}).typed(3)
}

// grow has many goroutines with pointers on deep stacks, while the collector runs and moves them.
func grow() {
	done, finalized := make(chan int), make(chan bool, 1000)
	for i := range 100 {
		go func() {
			o := &node{text: strconv.Itoa(i)}
			runtime.SetFinalizer(o, func(*node) { finalized <- true })
			sum := 0
			for n := deep(200, &node{text: "seed", more: []any{o}}); n != nil; n = n.next {
				sum += len(n.text)
			}
			time.Sleep(time.Millisecond)
			done <- sum
		}()
	}
	for range 100 {
		if sum := <-done; sum != 4+200*5 {
			panic("lost a node: " + strconv.Itoa(sum))
		}
	}
	for range 5 {
		runtime.GC()
	}
	for range 50 {
		<-finalized
	}
}

func deep(n int, last *node) *node {
	var room [64]*node
	if n == 0 {
		return last
	}
	room[n%64] = &node{next: last, text: strings.Repeat("x", 5)}
	return deep(n-1, room[n%64])
}

// recovered names the panics that were caught, each another way that a function is left.
func recovered() string {
	var names []string
	catch := func(name string, f func()) {
		defer func() {
			if recover() != nil {
				names = append(names, name)
			}
		}()
		f()
	}
	none := []int(nil)
	var nobody *node
	var anything any = "text"
	catch("index", func() { none[len(names)]++ })
	catch("nil", func() { nobody.text += "x" })
	catch("type", func() { names = append(names, anything.(error).Error()) })
	catch("wrapper", func() { // the runtime reads the name of the method that it calls here
		var nothing *size
		_ = sized(nothing).bytes()
	})
	catch("custom", func() {
		for i := range 3 {
			defer func() { _ = i }() // not open-coded
		}
		panic(errors.New("custom"))
	})
	left := make(chan bool)
	go func() {
		defer close(left)
		defer func() { names = append(names, "goexit") }()
		runtime.Goexit()
	}()
	<-left
	return strings.Join(names, ",")
}

type sized interface{ bytes() int }

type size int

func (s size) bytes() int { return int(s) }

type chat struct{ name string }

func (c *chat) typed(n int) { c.deeper(n) }

func (c *chat) deeper(n int) {
	if n == 0 {
		panic("out of " + c.name)
	}
	c.deeper(n - 1)
}
