package browser

// These are the actions that both WebDriver protocols use: https://w3c.github.io/webdriver/#actions

// pressing returns the actions of a keyboard that types keys.
func pressing(keys string) []object {
	actions := []object{}
	for _, stroke := range strokes(keys) {
		for _, held := range stroke.modifiers {
			actions = append(actions, object{"type": "keyDown", "value": held})
		}
		actions = append(actions,
			object{"type": "keyDown", "value": stroke.key}, object{"type": "keyUp", "value": stroke.key})
		for _, held := range stroke.modifiers {
			actions = append(actions, object{"type": "keyUp", "value": held})
		}
	}
	return []object{{"type": "key", "id": "keyboard", "actions": actions}}
}

// clicking returns the actions of a mouse that clicks at a point.
func clicking(x, y float64) []object {
	actions := []object{
		{"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0},
		{"type": "pointerDown", "button": 0},
		{"type": "pointerUp", "button": 0},
	}
	mouse := object{"pointerType": "mouse"}
	return []object{{"type": "pointer", "id": "mouse", "parameters": mouse, "actions": actions}}
}
