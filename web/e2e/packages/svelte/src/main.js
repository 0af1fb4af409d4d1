import { mount } from "svelte";
import "plura-chat";
import App from "./App.svelte";

mount(App, { target: document.getElementById("root") });
