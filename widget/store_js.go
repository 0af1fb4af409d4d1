package widget

import (
	"errors"
	"syscall/js"

	"plurachat/widget/chat"
)

// webStore is localStorage or sessionStorage. The browser may forbid access at any time, so every call can fail.
type webStore struct{ area js.Value }

var errStore = errors.New("the browser did not store it")

// openStore returns the store that an option names. If the browser forbids it, it returns a store in memory, and the
// conversation ends with the page.
func openStore(place chat.StoragePlace) chat.Store {
	name := "localStorage"
	switch place {
	case chat.StoreSession:
		name = "sessionStorage"
	case chat.StoreNone:
		if page := js.Global().Get("pluraChat").Get("memory"); page.Truthy() {
			return webStore{page} // the loader's: it remains when this widget crashes, until the page is left
		}
		return chat.Memory{}
	}
	if s, ok := openWeb(name); ok {
		return s
	}
	return chat.Memory{}
}

// openWeb returns one of the browser's two stores. It reads the property with Reflect.get, because a getter that throws
// in js.Value.Get ends the program.
func openWeb(name string) (webStore, bool) {
	var s webStore
	ok := try(func() {
		s.area = js.Global().Get("Reflect").Call("get", js.Global().Get("window"), name)
		s.area.Call("getItem", chat.KeyPrefix)
	})
	return s, ok && s.area.Truthy()
}

func (s webStore) Get(key string) (value string, ok bool) {
	try(func() {
		if v := s.area.Call("getItem", key); v.Type() == js.TypeString {
			value, ok = v.String(), true
		}
	})
	return value, ok
}

func (s webStore) Set(key, value string) error {
	if !try(func() { s.area.Call("setItem", key, value) }) {
		return errStore
	}
	return nil
}

func (s webStore) Remove(key string) {
	try(func() { s.area.Call("removeItem", key) })
}

func (s webStore) Keys() (keys []string) {
	try(func() {
		list := js.Global().Get("Object").Call("keys", s.area)
		for i := range list.Length() {
			keys = append(keys, list.Index(i).String())
		}
	})
	return keys
}
