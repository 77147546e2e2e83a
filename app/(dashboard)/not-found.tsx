// Within the frame, so that the sidebar stays.
export { default } from "../not-found";
