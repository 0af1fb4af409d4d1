export { default } from "../App";
