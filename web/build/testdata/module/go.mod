module plurachat
