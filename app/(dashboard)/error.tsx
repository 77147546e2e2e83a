"use client";

// Within the frame, so that the sidebar stays.
export { default } from "../error";
