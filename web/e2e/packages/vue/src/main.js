import { createApp } from "vue";
import "plura-chat";
import App from "./App.vue";

createApp(App).mount("#root");
