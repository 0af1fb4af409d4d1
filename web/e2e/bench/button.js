// The least that a launcher can be: a script of the page appends one button.
const button = document.createElement("button");
button.id = "launcher";
button.style.cssText = "position:fixed;right:20px;bottom:20px;width:56px;height:56px";
document.body.append(button);
